import type { FamilyOfProduct } from "../../../shared/families.ts";

/** What buyers are told of a product's family. */
export function familyWords({ id, name, place, optionNames, optionValues }: FamilyParts): FamilyOfProduct {
  const options = optionNames.map((option, index) => ({ name: option, value: optionValues[index] ?? "" }));
  return { id, name, place, options };
}

/** As it is stored. */
export interface FamilyParts {
  readonly id: number;
  readonly name: string;
  readonly place: number;
  readonly optionNames: readonly string[];
  readonly optionValues: readonly string[];
}
