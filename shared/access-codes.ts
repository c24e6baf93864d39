import { z } from "zod";
import { idSchema, pageInputSchema, reasonSchema, textSchema } from "./primitives.ts";

/*
 * Some sales are open to holders of a code. A buyer enters it once; that is their admission, and all their purchases in the
 * sale go by it.
 */

const CODE_CHARACTERS_MIN = 4;

/** What is compared of a code: whatever its case, without spaces and hyphens, however it was typed or pasted. */
export function normalCode(typed: string): string {
  return typed
    .normalize("NFKC")
    .replace(/[\s\p{Pd}]+/gu, "")
    .toUpperCase();
}

/** As buyers type it: what is no code is unknown rather than invalid. */
export const enterInputSchema = z.strictObject({
  saleId: idSchema,
  code: textSchema({ min: 1, max: 100 }).transform(normalCode),
});
export type EnterInput = z.output<typeof enterInputSchema>;

export const ENTER_REFUSALS = {
  CODE_UNKNOWN: "This is not a code of this sale. Please look whether it is typed as you were given it.",
  CODE_USED_UP: "This code was used as often as it may be. Please ask whoever gave it to you for another.",
  SALE_OVER: "This sale is over, so there is nothing to get in to any more.",
} as const;
export type EnterRefusalCode = keyof typeof ENTER_REFUSALS;

export type EnterResult =
  /** `replayed`: the buyer was in before, and no use was counted. */
  | { readonly outcome: "admitted"; readonly replayed: boolean }
  | { readonly outcome: "refused"; readonly code: EnterRefusalCode; readonly message: string };

const wordSchema = textSchema({ min: 1, max: 64 })
  .transform(normalCode)
  .refine(
    (code) => code.length >= CODE_CHARACTERS_MIN,
    `A code has at least ${CODE_CHARACTERS_MIN} characters, spaces and hyphens aside`,
  );

/** How many may be made or given at once; a list may be added in several parts. */
export const CODES_AT_ONCE_MAX = 500;

/** How many buyers one code may let in, where that is limited. */
export const CODE_USES_MAX = 10_000_000;

const usesMaxSchema = z.int().min(1).max(CODE_USES_MAX).nullable();

/** Codes of the operator's own, or as many random ones. */
export const addCodesInputSchema = z
  .strictObject({
    saleId: idSchema,
    codes: z.array(wordSchema).min(1).max(CODES_AT_ONCE_MAX).optional(),
    random: z.int().min(1).max(CODES_AT_ONCE_MAX).optional(),
    /** How many buyers each of them lets in; null for any number. */
    usesMax: usesMaxSchema.default(1),
    reason: reasonSchema.optional(),
  })
  .refine(({ codes, random }) => (codes === undefined) !== (random === undefined), {
    message: "Either codes, or how many random ones",
    path: ["codes"],
  });
export type AddCodesInput = z.output<typeof addCodesInputSchema>;

export const listCodesInputSchema = pageInputSchema.extend({ saleId: idSchema });
export type ListCodesInput = z.infer<typeof listCodesInputSchema>;

export const removeCodeInputSchema = z.strictObject({ codeId: idSchema, reason: reasonSchema.optional() });
export type RemoveCodeInput = z.infer<typeof removeCodeInputSchema>;

const accessCodeSchema = z.object({
  codeId: idSchema,
  code: z.string(),
  /** How many buyers it has let in. */
  uses: z.int(),
  usesMax: usesMaxSchema,
  createdAt: z.string(),
  /** When it was removed: it lets nobody in any more, and whoever it let in stays. */
  removedAt: z.string().nullable(),
});
export type AccessCode = z.infer<typeof accessCodeSchema>;

export interface AddCodesResult {
  readonly added: readonly AccessCode[];
  /** Those that the sale has already. They stay as they are. */
  readonly known: readonly string[];
}
