import type { z } from "zod";
import { invalidInput } from "../../http/faults.ts";

/** @throws Fault INVALID_INPUT with what is wrong */
export function parsed<Output>(schema: z.ZodType<Output>, input: unknown): Output {
  const result = schema.safeParse(input);
  if (!result.success) throw invalidInput(result.error);
  return result.data;
}

/**
 * What a query says, with the numbers among it as numbers: they travel as text. Text that is none stays as it is, for the
 * schema to refuse.
 */
export function parsedQuery<Output>(schema: z.ZodType<Output>, query: unknown, numbers: readonly string[]): Output {
  const entries = Object.entries(query ?? {}).map(([name, value]) =>
    numbers.includes(name) && typeof value === "string" && /^\d{1,16}$/.test(value)
      ? [name, Number(value)]
      : [name, value],
  );
  return parsed(schema, Object.fromEntries(entries));
}
