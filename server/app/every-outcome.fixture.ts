import { TRPCError } from "@trpc/server";
import { TRPC_ERROR_CODES_BY_KEY } from "@trpc/server/rpc";
import { z } from "zod";
import { FAULT_CODES, Fault, type FaultCode } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { REFUSAL_CODES, type RefusalCode } from "../../shared/refusals.ts";
import { ConnectionLostError } from "../database/errors.ts";
import { buyerProcedure, operatorProcedure, publicProcedure, router } from "../http/trpc.ts";
import type { BuyRequest } from "../purchases/decide.ts";
import { purchasesRouter } from "../purchases/router.ts";
import type { Services } from "./services.ts";

/** What a procedure can return, by name. */
export const ANSWERS: Record<string, () => unknown> = {
  nothing: () => undefined,
  null: () => null,
  text: () => 'häßlich 🛒 \u2028 "quoted" \ud800 </script>',
  number: () => 1.5,
  "not a number": () => Number.NaN,
  list: () => [1, undefined, { a: undefined }],
  date: () => new Date(0),
  "many bytes": () => "ü".repeat(100_000),
  "own toJSON": () => ({ toJSON: () => "mine" }),
  bigint: () => ({ big: 1n }),
  circle: () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    return circle;
  },
  "something later": () => ({ later: Promise.resolve(1) }),
  "a stream": async function* () {
    yield 1;
  },
  "something with a stream": () => ({ stream: ANSWERS["a stream"]?.() }),
};

/** What a procedure can throw, by name. */
export const FAILURES: Record<string, () => unknown> = {
  ...Object.fromEntries(FAULT_CODES.map((code) => [code, () => new Fault(code, "in other words")])),
  "a wait": () => new Fault("OVERLOADED", undefined, { retryAfterMs: 2_500 }),
  ...Object.fromEntries(
    Object.keys(TRPC_ERROR_CODES_BY_KEY).map((code) => [
      `tRPC's ${code}`,
      () => new TRPCError({ code: code as TRPCError["code"], message: "secret" }),
    ]),
  ),
  "an error": () => new Error("secret"),
  "a lost connection": () => new ConnectionLostError("lost"),
  "an error of the web server": () => Object.assign(new Error("secret"), { statusCode: 413 }),
  "a failed check of ours": () => z.number().safeParse("secret").error,
  text: () => "secret",
  nothing: () => undefined,
};

/** What a middleware may hand on; tRPC's types do not name all of it. */
const RED = { ctx: { colour: "red" }, getRawInput: async () => ({ changed: true }) } as { ctx: { colour: string } };

/** Makes another error of every error behind it. */
const seeing = publicProcedure.use(async ({ next }) => {
  const result = await next();
  return result.ok ? result : { ...result, error: new TRPCError({ code: "CONFLICT", cause: new Error("seen") }) };
});

/** Procedures for everything that can become of a call; `purchases` is the shop's own. */
export const everyOutcome = (services: Services) =>
  router({
    purchases: purchasesRouter(services),
    test: router({
      ask: publicProcedure.input(z.unknown()).query(({ input }) => ({ input, isAbsent: input === undefined })),
      change: publicProcedure.input(z.unknown()).mutation(({ input }) => ({ input, isAbsent: input === undefined })),
      strict: publicProcedure
        .input(z.strictObject({ id: z.int().min(1), note: z.string().default("none") }))
        .mutation(({ input }) => input),
      two: publicProcedure
        .input(z.object({ a: z.string() }))
        .input(z.object({ b: z.number() }))
        .query(({ input }) => input),
      who: publicProcedure.query(({ ctx: { actor, requestId, address } }) => ({ actor, requestId, address })),
      mine: buyerProcedure.query(({ ctx }) => ctx.actor.userId),
      manage: operatorProcedure.input(z.strictObject({ id: z.int() })).mutation(({ ctx }) => ctx.actor.userId),
      answer: publicProcedure.input(z.string()).query(({ input }) => ANSWERS[input]?.()),
      fail: publicProcedure.input(z.string()).query(({ input }) => {
        throw FAILURES[input]?.();
      }),
      badOutput: publicProcedure
        .output(z.object({ n: z.number() }))
        .query(() => ({ n: "secret" as unknown as number })),
      onTheWay: publicProcedure
        .use(({ next }) => next(RED))
        .input(z.unknown())
        .use(({ next, path, type, batchIndex, meta }) => next({ ctx: { of: { path, type, batchIndex, meta } } }))
        .query(({ ctx: { colour, of }, input }) => ({ colour, of, input })),
      seen: seeing.query(async () => {
        throw new Fault("NOT_FOUND");
      }),
      seenAtOnce: seeing
        .use(() => {
          throw new Fault("FORBIDDEN");
        })
        .query(() => 1),
      ticks: publicProcedure.subscription(async function* () {
        yield 1;
        yield 2;
      }),
    }),
  });

/** Decides a purchase as its key says: a refusal, a fault, or bought. */
export async function decideByKey({
  itemId,
  quantity,
  idempotencyKey,
}: Omit<BuyRequest, "id">): Promise<PurchaseResult> {
  if (REFUSAL_CODES.includes(idempotencyKey as RefusalCode)) {
    return { outcome: "refused", code: idempotencyKey as RefusalCode, message: "No.", replayed: false };
  }
  const faultCode = idempotencyKey.replace("fault:", "") as FaultCode;
  if (FAULT_CODES.includes(faultCode)) throw new Fault(faultCode, undefined, { retryAfterMs: 1_500 });
  const purchaseId = "01a1f967-0000-7000-8000-000000000001";
  const numbers = { amountCents: 100 * quantity, balanceCents: 900, remaining: 9, position: 1 };
  return { outcome: "purchased", purchaseId, itemId, quantity, ...numbers, replayed: idempotencyKey === "again" };
}
