import { AsyncLocalStorage } from "node:async_hooks";
import { initTRPC } from "@trpc/server";
import type { z } from "zod";
import { byActor, moneyMover, operator, type RequestContext, signedIn, staff } from "./context.ts";
import { toFault, trpcErrorShape } from "./faults.ts";
import { scopeOf } from "./scope-of.ts";

/** What a procedure says of itself. */
export interface ProcedureMeta {
  /** It takes larger bodies than others do, from whoever is signed in. Not in a batch. */
  readonly bodyBytesMax?: number;
}

/** The id of the request that tRPC's adapter answers: some errors it finds before it asks for the context. */
export const answeredRequest = new AsyncLocalStorage<string>();

const trpc = initTRPC
  .context<RequestContext>()
  .meta<ProcedureMeta>()
  .create({
    isDev: false,
    // Proxies cut connections that are silent, and a viewer whose connection died without a word notices by silence.
    sse: { ping: { enabled: true, intervalMs: 5_000 }, client: { reconnectAfterInactivityMs: 15_000 } },
    errorFormatter({ shape, error, ctx }) {
      const requestId = ctx?.requestId ?? answeredRequest.getStore() ?? "unknown";
      return trpcErrorShape(toFault(error), requestId, shape.data.path);
    },
  });

export const router = trpc.router;

/** Anyone may call it. Whatever is thrown inside becomes an error with the code and the words of a fault, above. */
export const publicProcedure = trpc.procedure;

/** Anyone who is signed in. */
export const buyerProcedure = publicProcedure.use(({ ctx, next, ...call }) =>
  byActor(signedIn(ctx, scopeOf(call)), (actor) => next({ ctx: { actor } })),
);

/** Operators and auditors: reads what only they may see. */
export const staffProcedure = publicProcedure.use(({ ctx, next, ...call }) =>
  byActor(staff(ctx, scopeOf(call)), (actor) => next({ ctx: { actor } })),
);

/** Operators only: changes something. */
export const operatorProcedure = publicProcedure.use(({ ctx, next, ...call }) =>
  byActor(operator(ctx, scopeOf(call)), (actor) => next({ ctx: { actor } })),
);

/** Operators who may move money: refunds and credits. */
export const moneyProcedure = publicProcedure.use(({ ctx, next }) =>
  byActor(moneyMover(ctx), (actor) => next({ ctx: { actor } })),
);

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
