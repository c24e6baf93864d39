import type {
  TRPCBuiltRouter,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from "@trpc/server";
import type { AppRouter } from "../../server/app/router.ts";

/**
 * The server's procedures as their callers see them, inferred from its router. The compiler writes the types of `plain`
 * out in full, so that the declarations of the packed SDK name nothing of the server's, nor zod's.
 */
export const PROCEDURES = plain<{ [D in keyof Domains]: { [P in keyof Domains[D]]: Signature<Domains[D][P]> } }>();

export const ERROR_SHAPE = plain<AppRouter["_def"]["_config"]["$types"]["errorShape"]>();

export type Procedures = typeof PROCEDURES;

/** The router's type, for whatever is generic over one: `client.trpc`, `@trpc/tanstack-react-query`. */
export type ShopRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: typeof ERROR_SHAPE; transformer: false },
  { [D in keyof Procedures]: { [P in keyof Procedures[D]]: ProcedureOf<Procedures[D][P]> } }
>;

type Domains = AppRouter["_def"]["record"];

interface Signature<Procedure> {
  readonly type: Procedure extends { _def: { type: infer Type } } ? Type : never;
  readonly input: Procedure extends { _def: { $types: { input: infer Input } } } ? Optional<Input> : never;
  readonly output: Procedure extends { _def: { $types: { output: infer Output } } } ? Update<Output> : never;
}

/** tRPC gives what may be left out `void` beside `undefined`. */
type Optional<Input> = undefined extends Input ? Exclude<Input, void> | undefined : Input;

/** What a subscription sends, one by one. */
type Update<Output> = Output extends AsyncIterable<infer Value> ? Value : Output;

type ProcedureOf<Of> = Of extends { type: infer Type; input: infer input; output: infer output }
  ? Type extends "query"
    ? TRPCQueryProcedure<{ input: input; output: output; meta: object }>
    : Type extends "mutation"
      ? TRPCMutationProcedure<{ input: input; output: output; meta: object }>
      : TRPCSubscriptionProcedure<{ input: input; output: AsyncIterable<output>; meta: object }>
  : never;

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A type of JSON without the names that it was put together from. */
interface Plain<Value> {
  readonly type: [Json] extends [Value]
    ? Json
    : Value extends string | number | boolean | null | undefined
      ? Value
      : Value extends (infer Row)[]
        ? Plain<Row>["type"][]
        : Value extends readonly (infer Row)[]
          ? readonly Plain<Row>["type"][]
          : { [Field in keyof Value]: Plain<Value[Field]>["type"] };
}

/** Only its type is used. */
function plain<Value>() {
  return undefined as unknown as Plain<Value>["type"];
}
