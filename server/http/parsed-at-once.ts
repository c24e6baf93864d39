import type { z } from "zod";

/**
 * A procedure's input, parsed in the same turn: tRPC asks a schema for `parseAsync` first, for which zod goes through
 * promises, and through its interpreter instead of the code that it compiles. For schemas in which nothing is awaited.
 */
export function parsedAtOnce<Output, Input>(schema: z.ZodType<Output, Input>): Parser<Output, Input> {
  return { parse: (value) => schema.parse(value) } as Parser<Output, Input>;
}

/** What tRPC takes for a parser, and for its types: only `parse` exists. */
interface Parser<Output, Input> {
  readonly _input: Input;
  readonly _output: Output;
  readonly parse: (value: unknown) => Output;
}
