import { getUntypedClient, type TRPCClient } from "@trpc/client";
import { CALLS, type CallKind, type Calls, type KeyField } from "./calls.ts";
import { newIdempotencyKey } from "./idempotency-key.ts";
import type { CallOptions, RetryOptions, WatchOptions } from "./options.ts";
import type { Procedures, ShopRouter } from "./router.ts";
import type { Settings } from "./settings.ts";
import { subscribe } from "./watch.ts";

/**
 * Everything that a shop's programs can ask of it. Every method rejects with a `DoorbusterError` and nothing else.
 * Amounts are integers of the currency's minor unit (cents); times are ISO 8601 in UTC.
 */
export type DoorbusterClient = {
  readonly [D in keyof Calls]: {
    readonly [P in keyof Calls[D] & keyof Procedures[D]]: Method<Calls[D][P], Procedures[D][P]>;
  };
} & {
  /** tRPC's own client, with the same retries: `client.trpc.sales.byId.query({ saleId })`. Keys are the caller's. */
  readonly trpc: TRPCClient<ShopRouter>;
};

type Method<Kind, Procedure> = Procedure extends { input: infer Input; output: infer Output }
  ? Kind extends "subscription"
    ? (input: Input, options?: WatchOptions) => AsyncIterableIterator<Output, void, undefined>
    : Kind extends "query without input"
      ? (options?: CallOptions) => Promise<Output>
      : Kind extends KeyField
        ? Parameter<WithOptionalKey<Input, Kind>, RetryOptions, Output>
        : Parameter<Input, CallOptions, Output>
  : never;

type Parameter<Input, Options, Output> = undefined extends Input
  ? (input?: Input, options?: Options) => Promise<Output>
  : (input: Input, options?: Options) => Promise<Output>;

type WithOptionalKey<Input, Key extends string> = Input extends undefined
  ? undefined
  : Omit<Input, Key> & { readonly [K in Key]?: string | undefined };

/** The methods over tRPC's client: keys are made here, everything else is up to its links. */
export function clientOf(trpc: TRPCClient<ShopRouter>, settings: Settings): DoorbusterClient {
  const methods = Object.entries(CALLS).map(([domain, calls]) => [
    domain,
    Object.fromEntries(
      Object.entries(calls).map(([name, kind]) => [name, methodOf(trpc, settings, `${domain}.${name}`, kind)]),
    ),
  ]);
  // The compiler cannot follow the tables; that each method is there and does this is what the tests look at.
  return { ...Object.fromEntries(methods), trpc } as DoorbusterClient;
}

function methodOf(trpc: TRPCClient<ShopRouter>, settings: Settings, path: string, kind: CallKind) {
  const client = getUntypedClient(trpc);
  switch (kind) {
    case "subscription":
      return (input: object, options?: WatchOptions) => subscribe(settings, { path, input }, options);
    case "query without input":
      return (options?: CallOptions) => client.query(path, undefined, withSignal(options));
    case "query":
      return (input: object = {}, options?: CallOptions) => client.query(path, input, withSignal(options));
    case "mutation":
      return (input: object, options?: CallOptions) => client.mutation(path, input, withSignal(options));
    case "idempotencyKey":
    case "taskId":
      return (input: { readonly [K in KeyField]?: string } = {}, { signal, ...context }: RetryOptions = {}) =>
        client.mutation(
          path,
          { ...input, [kind]: input[kind] ?? newIdempotencyKey() },
          { ...withSignal({ signal }), context },
        );
  }
}

function withSignal({ signal }: CallOptions = {}) {
  return signal ? { signal } : {};
}
