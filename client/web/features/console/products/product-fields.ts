import { PRICE_CENTS_MAX } from "../../../../../shared/money.ts";
import { descriptionSchema, imageUrlSchema, nameSchema } from "../../../../../shared/primitives.ts";
import type { StaffProduct } from "../../../../../shared/products.ts";
import { amountText, parseAmountCents } from "../../../app/amount.ts";
import { euros } from "../../../components/money.tsx";
import { textRule } from "../text-rule.ts";

/** A product as it stands in its form: text. */
export type ProductFields = Readonly<Record<ProductField, string>>;
export type ProductField = "name" | "description" | "price" | "imageUrl";

/** What the shop calls a field of the form. */
const INPUT_NAMES = { name: "name", description: "description", price: "priceCents", imageUrl: "imageUrl" } as const;

export const FIELD_WORDS: Record<ProductField, string> = {
  name: "Name",
  description: "Description",
  price: "Price",
  imageUrl: "Picture",
};

export const FIELDS = Object.keys(FIELD_WORDS) as ProductField[];

/** The fields of a new product where there is none. */
export function fieldsOf(product?: StaffProduct): ProductFields {
  if (!product) return { name: "", description: "", price: "", imageUrl: "" };
  const { name, description, priceCents, imageUrl } = product;
  return { name, description, price: amountText(priceCents), imageUrl: imageUrl ?? "" };
}

/** What the shop is sent, or what is wrong with which field. */
export function readFields({ name, description, price, imageUrl }: ProductFields): ReadFields {
  const priceCents = parseAmountCents(price, PRICE_CENTS_MAX);
  const errors: FieldErrors = {
    ...(!nameSchema.safeParse(name).success && {
      name: name.trim() === "" ? "A product needs a name." : textRule("A name", name, 120),
    }),
    ...(!descriptionSchema.safeParse(description).success && {
      description: textRule("A description", description, 2_000),
    }),
    ...(priceCents === undefined && { price: RULES.price }),
    ...(imageUrl !== "" && !imageUrlSchema.safeParse(imageUrl).success && { imageUrl: RULES.imageUrl }),
  };
  if (priceCents === undefined || Object.keys(errors).length > 0) return { errors };
  return {
    errors,
    input: {
      name: name.trim(),
      description: description.trim(),
      priceCents,
      imageUrl: imageUrl === "" ? null : imageUrl,
    },
  };
}

/** What the shop found wrong, in words at the fields of the form; undefined where it names none of them. */
export function errorsAt(
  issues: readonly { readonly path: string; readonly message: string }[],
): FieldErrors | undefined {
  const found = FIELDS.flatMap((field) => {
    const issue = issues.find(({ path }) => path === INPUT_NAMES[field]);
    return issue ? [[field, RULES[field]] as const] : [];
  });
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

/** The fields that somebody else has changed since one began. */
export function differencesOf({ base, theirs, yours }: ThreeFields): Difference[] {
  return FIELDS.filter((field) => base[field] !== theirs[field]).map((field) => ({
    field,
    before: base[field],
    theirs: theirs[field],
    yours: yours[field],
  }));
}

/** What one typed stays; what one left alone is what others made of it. */
export function goOnFrom({ base, theirs, yours }: ThreeFields): ProductFields {
  const merged = FIELDS.map((field) => [field, yours[field] === base[field] ? theirs[field] : yours[field]]);
  return Object.fromEntries(merged) as Record<ProductField, string>;
}

export function isSameFields(some: ProductFields, others: ProductFields): boolean {
  return FIELDS.every((field) => some[field] === others[field]);
}

/** Whether the shop is asked for the same by both: then what was sent is there, whether or not an answer said so. */
export function isSameInput(some: ProductFields, others: ProductFields): boolean {
  const { input } = readFields(some);
  return input !== undefined && JSON.stringify(input) === JSON.stringify(readFields(others).input);
}

/** What would be right. */
const RULES: Record<ProductField, string> = {
  name: "A name is 1 to 120 characters that can be seen.",
  description: "A description is at most 2,000 characters that can be seen.",
  price: `A price is an amount such as 49.90, from €0.01 to ${euros(PRICE_CENTS_MAX)}.`,
  imageUrl: "This is no picture of the shop.",
};

export type FieldErrors = Partial<Record<ProductField, string>>;

export interface Difference {
  readonly field: ProductField;
  readonly before: string;
  readonly theirs: string;
  readonly yours: string;
}

interface ThreeFields {
  /** As it was when one began. */
  readonly base: ProductFields;
  /** As it is now. */
  readonly theirs: ProductFields;
  /** As it stands in the form. */
  readonly yours: ProductFields;
}

interface ReadFields {
  readonly errors: FieldErrors;
  readonly input?: { name: string; description: string; priceCents: number; imageUrl: string | null };
}
