import { z } from "zod";
import { editsSchema, idSchema, nameSchema, pageInputSchema, readableSchema, textSchema } from "./primitives.ts";

/** What may be chosen of a family: size, colour and one thing more. */
export const OPTIONS_MAX = 3;

/** As many products as one list may be asked for by their ids. */
export const VARIANTS_MAX = 100;

/** "Size", or "Extra large". */
const optionTextSchema = readableSchema({ min: 1, max: 40 });

const familyInput = {
  name: nameSchema,
  /** What is chosen, for example size and colour. */
  optionNames: z.array(optionTextSchema).min(1).max(OPTIONS_MAX),
  /** Its products, in the order in which their values are shown. */
  variants: z
    .array(
      z.strictObject({
        productId: idSchema,
        /** One for each option, in their order. */
        values: z.array(optionTextSchema).min(1).max(OPTIONS_MAX),
      }),
    )
    .min(2)
    .max(VARIANTS_MAX),
};

export const createFamilyInputSchema = z.strictObject(familyInput).check(hasOneProductForEachChoice);
export type CreateFamilyInput = z.infer<typeof createFamilyInputSchema>;

/** The whole of it as it shall be. */
export const updateFamilyInputSchema = z
  .strictObject({ familyId: idSchema, ...familyInput, edits: editsSchema })
  .check(hasOneProductForEachChoice);
export type UpdateFamilyInput = z.infer<typeof updateFamilyInputSchema>;

export const removeFamilyInputSchema = z.strictObject({ familyId: idSchema, edits: editsSchema });
export type RemoveFamilyInput = z.infer<typeof removeFamilyInputSchema>;

export const familyIdInputSchema = z.strictObject({ familyId: idSchema });

export const listFamiliesInputSchema = pageInputSchema
  .extend({
    /** A part of the name, whatever its case. */
    search: textSchema({ min: 0, max: 100 }).optional(),
  })
  .prefault({});
export type ListFamiliesInput = z.infer<typeof listFamiliesInputSchema>;

/** Products that are one thing in several sizes or colours. */
const familySchema = z.object({
  id: idSchema,
  name: z.string(),
  optionNames: z.array(z.string()),
  /** How many changes operators have made to it. */
  edits: z.int(),
  variants: z.array(z.object({ productId: idSchema, productName: z.string(), values: z.array(z.string()) })),
});
export type Family = z.infer<typeof familySchema>;

/** What buyers are told of the family of a product or an item. */
export const familyOfProductSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** Its place among the products of the family. */
  place: z.int(),
  /** What it has of each option, for example `{ name: "Size", value: "M" }`. */
  options: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type FamilyOfProduct = z.infer<typeof familyOfProductSchema>;

function hasOneProductForEachChoice(payload: z.core.ParsePayload<FamilyChoices>): void {
  const { optionNames, variants } = payload.value;
  const issue = (path: (string | number)[], message: string) =>
    payload.issues.push({ code: "custom", input: payload.value, path, message });
  optionNames.forEach((name, index) => {
    if (optionNames.indexOf(name) < index) issue(["optionNames", index], "Each option has a name of its own");
  });
  const choices = variants.map(({ values }) => JSON.stringify(values));
  const productIds = variants.map(({ productId }) => productId);
  variants.forEach(({ productId, values }, index) => {
    if (values.length !== optionNames.length) {
      issue(["variants", index, "values"], "A product has one value for each option");
    } else if (choices.indexOf(choices[index] ?? "") < index) {
      issue(["variants", index, "values"], "Two products cannot have the same values");
    }
    if (productIds.indexOf(productId) < index) issue(["variants", index, "productId"], "A product is in it once");
  });
}

type FamilyChoices = Pick<CreateFamilyInput, "optionNames" | "variants">;
