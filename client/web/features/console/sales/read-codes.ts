import {
  type AddCodesInput,
  type AddCodesResult,
  addCodesInputSchema,
  CODE_USES_MAX,
  CODES_AT_ONCE_MAX,
} from "../../../../../shared/access-codes.ts";
import { randomCode } from "../../../../../shared/random-code.ts";
import { parseWhole } from "../../../app/amount.ts";
import { countWords } from "../time-words.ts";

/** As it stands in the form. */
export type CodesTyped = Readonly<Record<"codes" | "random" | "usesMax", string>>;

/**
 * What the form asks for, or what is wrong at which field. Random codes are made here: a list that is sent again adds nothing.
 *
 * @param isBefore what was asked for last, and had no answer: random codes of the same number are the same ones
 */
export function readCodes(saleId: number, typed: CodesTyped, before?: SentCodes): ReadCodes {
  const own = typed.codes.split(/[,;\n]/).filter((code) => code.trim() !== "");
  const isRandom = typed.random.trim() !== "";
  const count = isRandom ? parseWhole(typed.random, { min: 1, max: CODES_AT_ONCE_MAX }) : 0;
  const usesMax = typed.usesMax.trim() === "" ? null : parseWhole(typed.usesMax, { min: 1, max: CODE_USES_MAX });
  const read = addCodesInputSchema.shape.codes.safeParse(own.length > 0 ? own : undefined);
  const errors = {
    ...(own.length === 0 && !isRandom && { codes: "Please give some, or say how many random ones." }),
    ...(!read.success && { codes: codesRule(own, read.error.issues[0]?.path[0]) }),
    ...(count === undefined && { random: `A whole number from 1 to ${CODES_AT_ONCE_MAX}.` }),
    ...(own.length > 0 && isRandom && { random: "Codes of your own, or random ones: not both at once." }),
    ...(usesMax === undefined && { usesMax: `A whole number from 1 to ${countWords(CODE_USES_MAX)}, or nothing.` }),
  };
  if (Object.keys(errors).length > 0 || usesMax === undefined) return { errors };
  const isSame = before?.isRandom === true && before.input.codes.length === count;
  const random = () => (isSame ? before.input.codes : Array.from({ length: count ?? 0 }, randomCode));
  return { errors, sent: { isRandom, input: { saleId, codes: isRandom ? random() : own, usesMax } } };
}

function codesRule(codes: readonly string[], at: PropertyKey | undefined): string {
  if (typeof at !== "number") return `At most ${CODES_AT_ONCE_MAX} at once.`;
  return `A code has at least 4 characters, spaces and hyphens aside, and at most 64: “${codes[at]?.trim()}” is none.`;
}

/** What came of it: random codes that are there already came of a try whose answer was lost. */
export function addedWords({ added, known }: AddCodesResult, isRandom: boolean): string {
  const count = added.length + (isRandom ? known.length : 0);
  const words = count === 1 ? "One code was added." : `${count} codes were added.`;
  return isRandom || known.length === 0 ? words : `${words} ${known.length} were there already.`;
}

/** What it means to remove a code, in numbers. */
export function removeWords(code: string, uses: number, usesMax: number | null): string {
  const stay = uses === 0 ? "It has let nobody in." : `The ${countWords(uses)} it has let in stay in.`;
  const left = usesMax === null ? "any number of buyers" : `${countWords(Math.max(0, usesMax - uses))} more`;
  return `“${code}” would let in ${left}, and lets in nobody any more. ${stay} Added again, it goes on with the uses that it had.`;
}

export interface SentCodes {
  readonly isRandom: boolean;
  readonly input: Pick<AddCodesInput, "saleId" | "usesMax"> & { readonly codes: string[] };
}

interface ReadCodes {
  readonly errors: Partial<CodesTyped>;
  readonly sent?: SentCodes;
}
