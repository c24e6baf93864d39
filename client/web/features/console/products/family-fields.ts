import { type CreateFamilyInput, createFamilyInputSchema, type Family } from "../../../../../shared/families.ts";
import { textRule } from "../text-rule.ts";

/** A family as it stands in its form. */
export interface FamilyFields {
  readonly name: string;
  readonly optionNames: readonly string[];
  readonly variants: readonly {
    readonly productId: number;
    readonly productName: string;
    readonly values: readonly string[];
  }[];
}

export function familyFieldsOf(family?: Family): FamilyFields {
  if (!family) return { name: "", optionNames: ["Size"], variants: [] };
  const { name, optionNames, variants } = family;
  return { name, optionNames, variants };
}

/** What the shop is sent, or what is wrong with which field: by its path, `variants.1.values`. */
export function readFamily({ name, optionNames, variants }: FamilyFields): ReadFamily {
  const read = createFamilyInputSchema.safeParse({
    name,
    optionNames,
    variants: variants.map(({ productId, values }) => ({
      productId,
      values: optionNames.map((_, at) => values[at] ?? ""),
    })),
  });
  if (read.success) return { errors: {}, input: read.data };
  const issues = read.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  const isNameWrong = name.trim() !== "" && issues.some(({ path }) => path === "name");
  return { errors: { ...familyErrors(issues), ...(isNameWrong && { name: textRule("A name", name, 120) }) } };
}

/** Whether the shop is asked for the same by both: then what was sent is there, whether or not an answer said so. */
export function isSameFamily(some: FamilyFields, others: FamilyFields): boolean {
  const { input } = readFamily(some);
  return input !== undefined && JSON.stringify(input) === JSON.stringify(readFamily(others).input);
}

/** In words, by the field that they stand at. */
export function familyErrors(issues: readonly { readonly path: string; readonly message: string }[]): FamilyErrors {
  return Object.fromEntries(issues.toReversed().map(({ path, message }) => [path, wordsOf(path, message)]));
}

function wordsOf(path: string, message: string): string {
  if (path === "name") return "A family has a name of at most 120 characters that can be read.";
  if (path === "variants") return "A family has 2 to 100 products.";
  if (path === "optionNames") return "A family is chosen by 1 to 3 options.";
  if (/^optionNames\.\d+$/.test(path) && !message.startsWith("Each"))
    return "What is chosen has a name of at most 40 characters.";
  if (/^variants\.\d+\.values\.\d+$/.test(path)) return "A value is 1 to 40 characters.";
  return `${message}.`;
}

export function addProduct(fields: FamilyFields, product: { id: number; name: string }): FamilyFields {
  if (fields.variants.some(({ productId }) => productId === product.id)) return fields;
  const added = { productId: product.id, productName: product.name, values: fields.optionNames.map(() => "") };
  return { ...fields, variants: [...fields.variants, added] };
}

/** @param by -1 for one place up */
export function moveProduct(fields: FamilyFields, at: number, by: -1 | 1): FamilyFields {
  const variants = [...fields.variants];
  const [moved] = variants.splice(at, 1);
  if (moved) variants.splice(at + by, 0, moved);
  return { ...fields, variants };
}

export function setValue(fields: FamilyFields, { at, option, value }: { at: number; option: number; value: string }) {
  const variants = fields.variants.map((variant, index) =>
    index === at
      ? {
          ...variant,
          values: fields.optionNames.map((_, each) => (each === option ? value : (variant.values[each] ?? ""))),
        }
      : variant,
  );
  return { ...fields, variants };
}

/** What stands in it, line by line: for who compares two states of it. */
export function familyLines({ name, optionNames, variants }: FamilyFields): string[] {
  return [
    `Name: ${name}`,
    `Chosen by: ${optionNames.join(", ")}`,
    ...variants.map(({ productName, values }, index) => `${index + 1}. ${productName}: ${values.join(", ")}`),
  ];
}

type FamilyErrors = Readonly<Record<string, string>>;

interface ReadFamily {
  readonly errors: FamilyErrors;
  readonly input?: CreateFamilyInput;
}
