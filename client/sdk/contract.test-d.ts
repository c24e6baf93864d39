import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { AppRouter } from "../../server/app-router.ts";
import type { SaleUpdate } from "../../shared/sales.ts";
import type { DoorbusterClient, SaleRequest } from "./index.ts";

/**
 * Holds the SDK and the server's router to one another; the compiler is the test. Every procedure has a method of its
 * name that sends only what the procedure takes, and gives exactly what it gives.
 */
type Inputs = inferRouterInputs<AppRouter>;
type Outputs = inferRouterOutputs<AppRouter>;

type Agreement<Method, Input, Output> = Method extends (...args: infer Args) => Promise<infer Result>
  ? Same<Result, Output> extends true
    ? Takes<Input, Args[0]>
    : { sdkGives: Result; serverGives: Output }
  : "The SDK has no such method.";

/** A procedure without input has a method whose first argument is its options. */
// biome-ignore lint/suspicious/noConfusingVoidType: tRPC gives an optional input `void` as well.
type Takes<Input, Request> = [Input] extends [Record<string, never> | undefined | void]
  ? true
  : [WithKey<Exclude<Request, undefined>>] extends [Input]
    ? true
    : { sdkSends: Request; serverTakes: Input };

/** A request as it is sent: with the key that was made where none was given. */
type WithKey<Request> = "idempotencyKey" extends keyof Request
  ? Omit<Request, "idempotencyKey"> & { idempotencyKey: string }
  : Request;

type Same<A, B> = [A, B] extends [B, A] ? true : false;

type Agreements<Client, In, Out> = {
  [Path in Exclude<keyof Out, "watch">]: Agreement<
    Path extends keyof Client ? Client[Path] : never,
    Path extends keyof In ? In[Path] : never,
    Out[Path]
  >;
};

type Agreed<Client, Out> = Record<Exclude<keyof Out | keyof Client, "watch">, true>;

declare const sales: Agreements<DoorbusterClient["sales"], Inputs["sales"], Outputs["sales"]>;
declare const purchases: Agreements<DoorbusterClient["purchases"], Inputs["purchases"], Outputs["purchases"]>;
declare const products: Agreements<DoorbusterClient["products"], Inputs["products"], Outputs["products"]>;
declare const orders: Agreements<DoorbusterClient["orders"], Inputs["orders"], Outputs["orders"]>;
declare const tasks: Agreements<DoorbusterClient["tasks"], Inputs["tasks"], Outputs["tasks"]>;
declare const wallets: Agreements<DoorbusterClient["wallets"], Inputs["wallets"], Outputs["wallets"]>;
declare const users: Agreements<DoorbusterClient["users"], Inputs["users"], Outputs["users"]>;
declare const warehouse: Agreements<DoorbusterClient["warehouse"], Inputs["warehouse"], Outputs["warehouse"]>;
declare const operations: Agreements<DoorbusterClient["operations"], Inputs["operations"], Outputs["operations"]>;
declare const audit: Agreements<DoorbusterClient["audit"], Inputs["audit"], Outputs["audit"]>;
declare const watch: [
  Same<Record<keyof DoorbusterClient, 0>, Record<keyof Outputs, 0>>,
  Takes<Inputs["sales"]["watch"], SaleRequest>,
  Outputs["sales"]["watch"] extends AsyncIterable<infer Update> ? Same<Update, SaleUpdate> : false,
];

sales satisfies Agreed<DoorbusterClient["sales"], Outputs["sales"]>;
purchases satisfies Agreed<DoorbusterClient["purchases"], Outputs["purchases"]>;
products satisfies Agreed<DoorbusterClient["products"], Outputs["products"]>;
orders satisfies Agreed<DoorbusterClient["orders"], Outputs["orders"]>;
tasks satisfies Agreed<DoorbusterClient["tasks"], Outputs["tasks"]>;
wallets satisfies Agreed<DoorbusterClient["wallets"], Outputs["wallets"]>;
users satisfies Agreed<DoorbusterClient["users"], Outputs["users"]>;
warehouse satisfies Agreed<DoorbusterClient["warehouse"], Outputs["warehouse"]>;
operations satisfies Agreed<DoorbusterClient["operations"], Outputs["operations"]>;
audit satisfies Agreed<DoorbusterClient["audit"], Outputs["audit"]>;
watch satisfies [true, true, true];
