import { CROWD_BUYERS_MAX, type RehearseInput, rehearseInputSchema } from "../../../../../shared/rehearsals.ts";

/** The fields of the form, as they were typed. */
export type RehearsalFields = Readonly<Record<(typeof FIELD_NAMES)[number], string>>;

export const FIELD_NAMES = [
  "saleId",
  "buyers",
  "seconds",
  "arrival",
  "doubleClickPercent",
  "retries",
  "lostAnswerPercent",
  "unitsEach",
  "bots",
  "measureCapacity",
  "besideRealSales",
] as const;

export type RehearsalFormResult =
  | { readonly ok: true; readonly input: RehearseInput }
  | { readonly ok: false; readonly errors: Partial<Record<keyof RehearsalFields, string>> };

/** Reads the form by the schema of the procedure; what is wrong is said field by field. */
export function readRehearsalForm(fields: RehearsalFields): RehearsalFormResult {
  const { saleId, measureCapacity, besideRealSales, arrival, ...numbers } = fields;
  const crowd = Object.fromEntries(Object.entries(numbers).map(([name, text]) => [name, wholeOf(text)]));
  const parsed = rehearseInputSchema.safeParse({
    saleId: wholeOf(saleId),
    crowd: { ...crowd, arrival },
    measureCapacity: measureCapacity === "on",
    besideRealSales: besideRealSales === "on",
  });
  if (parsed.success) return { ok: true, input: parsed.data };
  const errors: Partial<Record<keyof RehearsalFields, string>> = {};
  for (const { path } of parsed.error.issues) {
    const name = FIELD_NAMES.find((field) => field === path.at(-1));
    if (name) errors[name] ??= WORDS[name] ?? "This cannot be.";
  }
  return { ok: false, errors };
}

/** As people write it; what is no whole number is refused by the schema. */
function wholeOf(text: string): number {
  const digits = text.trim().replaceAll(/[\s,.'\u00a0\u202f]/g, "");
  return /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
}

const WORDS: Partial<Record<keyof RehearsalFields, string>> = {
  saleId: "Choose the sale.",
  buyers: "A whole number from 1 to 100,000.",
  seconds: "A whole number of seconds from 1 to 600.",
  doubleClickPercent: "A whole number from 0 to 100.",
  retries: "A whole number from 0 to 10.",
  lostAnswerPercent: "A whole number from 0 to 100.",
  unitsEach: "A whole number from 1 to 100.",
  bots: "A whole number from 0 to 1,000.",
};

/** A crowd that finds too little: twice as many as there are units. */
export function buyersFor(units: number): number {
  return Math.min(CROWD_BUYERS_MAX, Math.max(BUYERS_MIN, units * 2));
}

/** Fewer are no crowd. */
const BUYERS_MIN = 100;
