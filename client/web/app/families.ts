import type { FamilyOfProduct } from "../../../shared/families.ts";

/** Something that is one of several sizes or colours: a product, or an item of a sale. */
export interface Variant {
  readonly id: number;
  readonly family?: Pick<FamilyOfProduct, "id" | "place" | "options">;
  /** Whether there are units of it. */
  readonly isThere: boolean;
}

/** What a card shows at first: the first that can be had. */
export function firstChoice<V extends Variant>(variants: readonly V[]): V | undefined {
  const inOrder = variants.toSorted((a, b) => placeOf(a) - placeOf(b));
  return inOrder.find(({ isThere }) => isThere) ?? inOrder[0];
}

/** "M, Red" */
export function variantWords({ family }: Pick<Variant, "family">): string {
  return family?.options.map(({ value }) => value).join(", ") ?? "";
}

/** Its place among its family. */
export function placeOf({ family }: Variant): number {
  return family?.place ?? 0;
}
