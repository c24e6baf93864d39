import { connect } from "node:net";
import { createTRPCClient, httpBatchLink, httpBatchStreamLink, httpLink, type TRPCLink } from "@trpc/client";
import { initTRPC, TRPCError } from "@trpc/server";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { everyOutcome } from "../app/every-outcome.fixture.ts";
import { as, ask, bytesOf, expectAlike, get, post, stubServices } from "../app/sent-call.fixture.ts";
import type { Services } from "../app/services.ts";
import { serveTwoWays, type TwoWays } from "../app/two-ways.fixture.ts";
import { readConfig } from "../settings/config.ts";
import { eventually } from "../testing/eventually.ts";
import type { RequestContext } from "./context.ts";
import { createLimits } from "./rate-limits.ts";

/*
 * Whatever is sent, the fast route and tRPC's adapter answer it alike: status, headers, body, log. Only how the end of
 * the body is found may differ: the fast route says its length, the adapter sends chunks. That shows which one answered.
 */

let two: TwoWays;
beforeAll(async () => {
  two = await serveTwoWays(everyOutcome, stubServices);
});
afterAll(() => two[Symbol.asyncDispose]());

it("answers alike, whatever is sent", async () => {
  const names = ["test.ask", "test.change", "test.strict", "test.mine", "purchases.buy", "test.x", "__proto__"];
  const json = fc.json({ maxDepth: 2 });
  const text = fc.oneof(
    json,
    fc.string({ unit: "binary-ascii", maxLength: 20 }),
    json.map((one) => one.slice(0, -1)),
  );
  const query = fc.oneof(
    fc.constant(""),
    text.map((one) => `?input=${encodeURIComponent(one)}`),
    text.map((one) => `?input=${one.replace(/[^!-~]/g, "")}`),
    text.map((one) => `?batch=1&input=${encodeURIComponent(`{"0":${one}}`)}`),
    fc.string({ unit: fc.constantFrom(..."?&=%#+input1;/\\'"), maxLength: 12 }).map((one) => `?${one}`),
  );
  const headers = fc.record(
    {
      "content-type": fc.constantFrom("application/json", "application/json;", " application/json ", "text/plain", "x"),
      "trpc-accept": fc.constantFrom("application/jsonl", "application/json"),
      accept: fc.constantFrom("*/*", "application/json", "application/jsonl"),
      authorization: fc.constantFrom("Bearer buyer", "bearer  buyer", "Bearer b%75yer", "Bearer", "buyer"),
      host: fc.constantFrom("x", "x:1", "[::1]", "1.2.3", "x/y", "x?y", "x#y", "ü", "xn--a", "x..y", "-"),
    },
    { requiredKeys: [] },
  );
  const sent = fc.record({
    method: fc.constantFrom("GET", "POST"),
    name: fc.constantFrom(...names),
    query,
    headers,
    text,
  });
  await fc.assert(
    fc.asyncProperty(sent, async ({ method, name, query: search, headers: given, text: body }) => {
      const path = `/trpc/${name}${search}`;
      const bytes = Buffer.from(body).toString("latin1");
      await expectAlike(two, { method, path, headers: given, ...(method === "POST" && { body: bytes }) });
    }),
    { numRuns: 300 },
  );
});

it("transforms alike what a router transforms", async () => {
  const transformer = {
    serialize: (value: unknown) => ({ packed: value }),
    deserialize: (value: { packed: unknown }) => value.packed,
  };
  const t = initTRPC.context<RequestContext>().create({ transformer, isDev: false });
  const echo = t.procedure.input(z.unknown());
  const packing = t.router({
    ask: echo.query(({ input }) => input),
    fail: echo.mutation(() => {
      throw new TRPCError({ code: "CONFLICT", message: "in other words" });
    }),
  });
  await using packed = await serveTwoWays(() => packing, stubServices);
  expect(await expectAlike(packed, ask("ask", { packed: [1] }))).toBe("fast");
  expect(await expectAlike(packed, ask("ask", null))).toBe("fast");
  expect(await expectAlike(packed, post("/trpc/fail", '{"packed":1}'))).toBe("fast");
  expect((await packed.send(bytesOf(ask("ask", { packed: [1] })))).fast.body).toBe(
    '{"result":{"data":{"packed":[1]}}}',
  );
});

it("draws on the limit of an address alike", async () => {
  const limits = () => createLimits({ ...readConfig({}).limits, anonymous: { perSecond: 0.001, burst: 2 } });
  await using few = await serveTwoWays(everyOutcome, () => ({ ...stubServices(), limits: limits() }));
  const statuses: Record<string, number[]> = { fast: [], adapter: [] };
  for (let n = 0; n < 4; n++) {
    const { fast, adapter } = await few.send(bytesOf(get("/trpc/test.who")));
    statuses.fast?.push(fast.status);
    statuses.adapter?.push(adapter.status);
    expect(Object.keys(fast.headers)).toEqual(Object.keys(adapter.headers));
    expect(fast.headers["retry-after"] === undefined).toBe(fast.status === 200);
  }
  expect(statuses).toEqual({ fast: [200, 200, 429, 429], adapter: [200, 200, 429, 429] });
  // Whoever is signed in draws on a limit of their own.
  expect((await few.send(bytesOf(get("/trpc/test.who", as("buyer"))))).fast.status).toBe(200);
});

it("goes on when a caller leaves, in the middle of a request or before the answer", async () => {
  let entered = Promise.withResolvers<void>();
  const decide = Promise.withResolvers<void>();
  const buy = async () => {
    entered.resolve();
    await decide.promise;
    throw new Error("nobody is there to be told");
  };
  const purchaseBatcher = { buy, isWaiting: () => false } as unknown as Services["purchaseBatcher"];
  await using held = await serveTwoWays(everyOutcome, () => ({ ...stubServices(), purchaseBatcher }));
  const request = bytesOf(post("/trpc/purchases.buy", '{"itemId":1,"idempotencyKey":"k"}', as("buyer")));
  for (const { port } of [held.fast, held.adapter]) {
    entered = Promise.withResolvers<void>();
    const half = connect(port, "127.0.0.1", () => half.write(request.slice(0, -10), () => half.resetAndDestroy()));
    const whole = connect(port, "127.0.0.1", () => whole.write(request));
    await entered.promise;
    whole.resetAndDestroy();
  }
  decide.resolve();
  const { fast, adapter } = await held.send(bytesOf(ask("test.ask", 1)));
  expect([fast.status, adapter.status]).toEqual([200, 200]);
  await eventually("both say what failed", () => held.fast.logLength() > 0 && held.adapter.logLength() > 0);
  expect(held.fast.takeLog()).toEqual(held.adapter.takeLog());
});

describe("every client of tRPC", () => {
  it.each<[string, (url: string) => TRPCLink<ReturnType<typeof everyOutcome>>]>([
    ["one call at a time", (url) => httpLink({ url })],
    ["batches", (url) => httpBatchLink({ url })],
    ["batches that stream", (url) => httpBatchStreamLink({ url })],
  ])("is served: %s", async (_what, link) => {
    for (const { url } of [two.fast, two.adapter]) {
      const client = createTRPCClient<ReturnType<typeof everyOutcome>>({ links: [link(`${url}/trpc`)] });
      const [asked, changed, failed, refused] = await Promise.all([
        client.test.ask.query({ a: "ü +&" }),
        client.test.change.mutate([1]),
        client.test.fail.query("a wait").catch((error: unknown) => error),
        client.test.strict.mutate({ id: 0 }).catch((error: unknown) => error),
      ]);
      expect(asked).toEqual({ input: { a: "ü +&" }, isAbsent: false });
      expect(changed).toEqual({ input: [1], isAbsent: false });
      expect(failed).toMatchObject({
        data: { code: "SERVICE_UNAVAILABLE", reason: "OVERLOADED", retryAfterMs: 2_500 },
      });
      expect(refused).toMatchObject({ data: { httpStatus: 400, issues: [{ path: "id" }] } });
    }
  });
});
