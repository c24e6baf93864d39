import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { createDoorbusterClient, type DoorbusterClientOptions, DoorbusterError, type Retry } from "./index.ts";
import { QUERY_TRIES_MAX } from "./retry-link.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { type Answer, cutShort, data, FakeShop, fault, hangUp, page, silence } from "./testing/fake-shop.ts";

const PURCHASED = { outcome: "purchased", purchaseId: "p", position: 1, replayed: false };
const SOLD_OUT = { outcome: "refused", code: "OUT_OF_STOCK", message: "Sold out.", replayed: false };

/** A client of a shop that gives these answers, on a clock of the test's, which passes every wait for a retry at once. */
async function clientOf(answers: Answer[], options: Partial<DoorbusterClientOptions> = {}) {
  const shop = await FakeShop.start(...answers);
  const clock = new FakeClock();
  const retries: Retry[] = [];
  const onRetry = (retry: Retry) => {
    retries.push(retry);
    setImmediate(() => clock.advance(retry.delayMs));
  };
  const client = createDoorbusterClient({ url: shop.url, clock, random: () => 0.5, ...options });
  return { client, shop, clock, retries, onRetry, [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose]() };
}

async function failureOf(promise: Promise<unknown>): Promise<DoorbusterError> {
  const error = await promise.then(
    (value) => expect.unreachable(`It resolved with ${JSON.stringify(value)}`),
    (cause: unknown) => cause,
  );
  if (!(error instanceof DoorbusterError)) throw error;
  return error;
}

function keysOf(shop: FakeShop): unknown[] {
  return shop.requests.map(({ input }) => (input as { idempotencyKey: unknown }).idempotencyKey);
}

test("sends a purchase as tRPC does, with the token and a key of its own making", async () => {
  await using shop = await clientOf([data(PURCHASED)], { token: "secret" });
  expect(await shop.client.purchases.buy({ itemId: 7, quantity: 2 })).toEqual(PURCHASED);
  const [request] = shop.shop.requests;
  expect(request).toMatchObject({ method: "POST", path: "/trpc/purchases.buy", input: { itemId: 7, quantity: 2 } });
  expect(request?.headers).toMatchObject({ authorization: "Bearer secret", "content-type": "application/json" });
  // For proxies that bring the purchases of one item together.
  expect(request?.headers["x-doorbuster-item"]).toBe("7");
  expect(keysOf(shop.shop)).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
});

test.each([
  ["a lost connection", hangUp, "NETWORK"],
  ["an answer cut short", cutShort, "NETWORK"],
  ["a page of some network's own in place of the answer", page(200), "NETWORK"],
  ["a lock held too long", fault("LOCK_TIMEOUT"), "LOCK_TIMEOUT"],
  ["too many requests", fault("RATE_LIMITED"), "RATE_LIMITED"],
  ["a crowd", fault("OVERLOADED"), "OVERLOADED"],
  ["a commit whose answer was lost", fault("OUTCOME_UNKNOWN"), "OUTCOME_UNKNOWN"],
  ["a database that is away", fault("UNAVAILABLE"), "UNAVAILABLE"],
  ["a proxy without a server", page(502), "UNAVAILABLE"],
  ["a proxy's own failure", page(500), "INTERNAL"],
  ["a proxy that waited too long", page(504), "UNAVAILABLE"],
] as const)("tries again with the same key after %s", async (_, failure, reason) => {
  await using shop = await clientOf([failure, failure, data(PURCHASED)]);
  expect(await shop.client.purchases.buy({ itemId: 7 }, { onRetry: shop.onRetry })).toEqual(PURCHASED);
  expect(shop.retries).toEqual([
    { attempt: 1, reason, delayMs: 125 },
    { attempt: 2, reason, delayMs: 250 },
  ]);
  const [key, ...others] = keysOf(shop.shop);
  expect(others).toEqual([key, key]);
});

test("tries again after a try that took too long, and lets go of its connection", async () => {
  await using shop = await clientOf([silence, data(PURCHASED)], { timeoutMs: 3_000 });
  const bought = shop.client.purchases.buy({ itemId: 7, idempotencyKey: "mine" }, { onRetry: shop.onRetry });
  await shop.shop.asked(1);
  shop.clock.advance(2_999);
  expect(shop.retries).toEqual([]);
  shop.clock.advance(1);
  await shop.shop.requests[0]?.left;
  expect(await bought).toEqual(PURCHASED);
  expect(shop.retries).toMatchObject([{ reason: "TIMEOUT" }]);
  expect(keysOf(shop.shop)).toEqual(["mine", "mine"]);
});

test.each([
  [
    "the error's data, in milliseconds",
    fault("OVERLOADED", { retryAfterMs: 1_500, headers: { "retry-after": "2" } }),
    1_500,
  ],
  ["the header, in seconds", fault("RATE_LIMITED", { headers: { "retry-after": "2" } }), 2_000],
  ["a proxy's header", page(503, { "retry-after": "4" }), 4_000],
  [
    "a date in the header, by the answer's own clock",
    page(503, { date: "Fri, 20 Nov 2026 10:00:00 GMT", "retry-after": "Fri, 20 Nov 2026 10:00:07 GMT" }),
    7_000,
  ],
  ["a date that has passed", page(503, { "retry-after": "Fri, 20 Nov 2020 10:00:07 GMT" }), 0],
] as const)("waits as long as the shop asks for by %s", async (_, busy, askedMs) => {
  await using shop = await clientOf([busy, data(PURCHASED)]);
  await shop.client.purchases.buy({ itemId: 7 }, { onRetry: shop.onRetry });
  expect(shop.retries).toMatchObject([{ delayMs: askedMs + 125 }]);
});

test.each([
  ["a purchase", PURCHASED],
  ["a refusal", SOLD_OUT],
])("takes %s for the decision that it is", async (_, decision) => {
  await using shop = await clientOf([data(decision)]);
  expect(await shop.client.purchases.buy({ itemId: 7 })).toEqual(decision);
  expect(shop.shop.requests).toHaveLength(1);
});

test.each([
  ["INVALID_INPUT", fault("INVALID_INPUT", { issues: [{ path: "quantity", message: "Too small" }] })],
  ["UNAUTHENTICATED", fault("UNAUTHENTICATED")],
  ["FORBIDDEN", fault("FORBIDDEN")],
  ["NOT_FOUND", fault("NOT_FOUND")],
  ["KEY_REUSED", fault("KEY_REUSED")],
  ["TOO_LARGE", page(413)],
] as const)("does not try %s again, and says that nothing was changed", async (code, answer) => {
  await using shop = await clientOf([answer]);
  const error = await failureOf(shop.client.purchases.buy({ itemId: 7, idempotencyKey: "mine" }));
  expect(error).toMatchObject({ code, retryable: false, outcome: undefined, idempotencyKey: "mine" });
  expect(shop.shop.requests).toHaveLength(1);
});

test("hands on what the server said of an error", async () => {
  const issues = [{ path: "quantity", message: "Too small" }];
  await using shop = await clientOf([fault("INVALID_INPUT", { issues })]);
  const error = await failureOf(shop.client.purchases.buy({ itemId: 7, quantity: 0 }));
  expect(error).toMatchObject({
    message: "The request is not valid.",
    httpStatus: 400,
    requestId: "request-1",
    issues,
  });
});

test("says that the outcome is unknown, and under which key, when no answer came before the deadline", async () => {
  await using shop = await clientOf([silence], { timeoutMs: 3_000 });
  const bought = shop.client.purchases.buy({ itemId: 7 }, { deadlineMs: 7_000, onRetry: shop.onRetry });
  const failed = failureOf(bought);
  for (const [asked, ms] of [3_000, 3_000, 7_000].entries()) {
    await shop.shop.asked(asked + 1);
    shop.clock.advance(ms);
  }
  const error = await failed;
  expect(error).toMatchObject({ code: "OUTCOME_UNKNOWN", outcome: "unknown", retryable: true });
  expect(error.idempotencyKey).toBe(keysOf(shop.shop)[0]);
  expect(error.message).toContain("Ask again with the same key");
  expect(error.cause).toMatchObject({ code: "TIMEOUT" });
  expect(shop.clock.pending).toBe(0);
});

test("does not call the outcome unknown when every try was turned away before anything was done", async () => {
  await using shop = await clientOf([fault("OVERLOADED", { retryAfterMs: 4_000 })]);
  const bought = shop.client.purchases.buy({ itemId: 7 }, { deadlineMs: 10_000, onRetry: shop.onRetry });
  expect(await failureOf(bought)).toMatchObject({ code: "OVERLOADED", outcome: undefined, retryAfterMs: 4_000 });
  expect(shop.shop.requests).toHaveLength(3);
});

test("does not wait for a try that could only come after the deadline", async () => {
  await using shop = await clientOf([fault("RATE_LIMITED", { retryAfterMs: 120_000 })]);
  expect(await failureOf(shop.client.purchases.buy({ itemId: 7 }))).toMatchObject({ code: "RATE_LIMITED" });
  expect(shop.clock.now()).toBe(0);
});

test("keeps the outcome unknown when a session ends between a lost answer and the next try", async () => {
  await using shop = await clientOf([hangUp, fault("UNAUTHENTICATED")]);
  const bought = shop.client.purchases.buy({ itemId: 7, idempotencyKey: "mine" }, { onRetry: shop.onRetry });
  expect(await failureOf(bought)).toMatchObject({
    code: "UNAUTHENTICATED",
    outcome: "unknown",
    idempotencyKey: "mine",
  });
});

test("keeps the outcome unknown after an error of the server's own", async () => {
  await using shop = await clientOf([fault("INTERNAL")]);
  const bought = shop.client.purchases.buy({ itemId: 7 });
  expect(await failureOf(bought)).toMatchObject({ code: "INTERNAL", outcome: "unknown" });
  expect(shop.shop.requests).toHaveLength(1);
});

test("stops at once when it is aborted during a try, and says that the outcome is unknown", async () => {
  await using shop = await clientOf([silence]);
  const controller = new AbortController();
  const failed = failureOf(shop.client.purchases.buy({ itemId: 7 }, { signal: controller.signal }));
  await shop.shop.asked(1);
  controller.abort();
  expect(await failed).toMatchObject({ code: "ABORTED", outcome: "unknown" });
  await shop.shop.requests[0]?.left;
  expect(shop.clock.pending).toBe(0);
});

test("stops at once when it is aborted while it waits for the next try", async () => {
  await using shop = await clientOf([fault("OVERLOADED")]);
  const controller = new AbortController();
  const onRetry = () => controller.abort();
  const bought = shop.client.purchases.buy({ itemId: 7 }, { signal: controller.signal, onRetry });
  expect(await failureOf(bought)).toMatchObject({ code: "ABORTED", outcome: undefined });
  expect(shop.shop.requests).toHaveLength(1);
});

test("leaves nothing behind on a signal that outlives it", async () => {
  await using shop = await clientOf([fault("OVERLOADED"), hangUp, data(PURCHASED)]);
  const { signal } = new AbortController();
  await shop.client.purchases.buy({ itemId: 7 }, { signal, onRetry: shop.onRetry });
  expect(getEventListeners(signal, "abort")).toEqual([]);
  expect(shop.clock.pending).toBe(0);
});

test("sends nothing when it is aborted before it begins", async () => {
  await using shop = await clientOf([data(PURCHASED)]);
  const bought = shop.client.purchases.buy({ itemId: 7 }, { signal: AbortSignal.abort() });
  expect(await failureOf(bought)).toMatchObject({ code: "ABORTED", outcome: undefined });
  expect(shop.shop.requests).toEqual([]);
});

test("gives up on a try even where fetch does not heed its signal", async () => {
  const fetch = () => new Promise<Response>(() => {});
  const clock = new FakeClock();
  const client = createDoorbusterClient({ url: "http://shop.example", fetch, clock });
  const failed = failureOf(client.purchases.buy({ itemId: 7 }, { deadlineMs: 2_000 }));
  clock.advance(2_000);
  expect(await failed).toMatchObject({ code: "OUTCOME_UNKNOWN" });
});

test("tries a top-up, a credit, a refund and a change of stock again with the same key", async () => {
  const amounts = { amountCents: 100 };
  const calls: ((shop: Awaited<ReturnType<typeof clientOf>>) => Promise<unknown>)[] = [
    ({ client, onRetry }) => client.wallets.topUp(amounts, { onRetry }),
    ({ client, onRetry }) => client.wallets.credit({ userId: "u", reason: "gift", ...amounts }, { onRetry }),
    ({ client, onRetry }) => client.purchases.refund({ purchaseId: "p" }, { onRetry }),
    ({ client, onRetry }) => client.sales.adjustStock({ itemId: 7, change: 1, reason: "found" }, { onRetry }),
  ];
  for (const call of calls) {
    await using shop = await clientOf([hangUp, data({ replayed: true })]);
    expect(await call(shop)).toEqual({ replayed: true });
    const [key, again] = keysOf(shop.shop);
    expect(key).toEqual(expect.any(String));
    expect(again).toBe(key);
  }
});

test("tries a query again, a bounded number of times", async () => {
  await using shop = await clientOf([hangUp], { random: () => 0 });
  const failed = failureOf(shop.client.sales.byId({ saleId: 3 }));
  for (let tries = 1; tries < QUERY_TRIES_MAX; tries++) {
    await shop.shop.asked(tries);
    await expect.poll(() => shop.clock.advance(0) ?? shop.shop.requests.length).toBeGreaterThan(tries);
  }
  expect(await failed).toMatchObject({ code: "NETWORK", outcome: undefined });
  expect(shop.shop.requests).toHaveLength(QUERY_TRIES_MAX);
  expect(shop.shop.requests[0]).toMatchObject({ method: "GET", path: "/trpc/sales.byId", input: { saleId: 3 } });
});

test("tries a query as often as the client allows", async () => {
  await using shop = await clientOf([hangUp], { random: () => 0, queryTriesMax: 1 });
  expect(await failureOf(shop.client.sales.byId({ saleId: 3 }))).toMatchObject({ code: "NETWORK" });
  expect(shop.shop.requests).toHaveLength(1);
});

test("never sends a change without a key twice, and says that its outcome is unknown", async () => {
  await using shop = await clientOf([hangUp]);
  const error = await failureOf(shop.client.sales.pause({ saleId: 3 }));
  expect(error).toMatchObject({ outcome: "unknown", idempotencyKey: undefined });
  expect(error.message).not.toContain("key");
  expect(shop.shop.requests).toHaveLength(1);
});

test("refuses at once what cannot be sent, as something that did not happen", async () => {
  await using shop = await clientOf([data(PURCHASED)]);
  const payload = 1n as unknown as number;
  for (const call of [
    () => shop.client.tasks.submit({ payload }, { onRetry: shop.onRetry }),
    () => shop.client.purchases.buy({ itemId: 7 }, { deadlineMs: Number.NaN }),
    () => shop.client.purchases.buy({ itemId: 7 }, { deadlineMs: 0 }),
  ]) {
    expect(await failureOf(call())).toMatchObject({ code: "INVALID_INPUT", retryable: false, outcome: undefined });
  }
  expect([shop.retries, shop.shop.requests]).toEqual([[], []]);
});

test("refuses a url that cannot be asked and a token that cannot be sent, and takes the page's own url", () => {
  for (const url of ["shop.example", "https://shop.example?x=1", "https://shop.example/#x"]) {
    expect(() => createDoorbusterClient({ url })).toThrow(TypeError);
  }
  expect(() => createDoorbusterClient({ url: "", token: "x\ny" })).toThrow(TypeError);
  expect(() => createDoorbusterClient({ url: "" })).not.toThrow();
});

test("asks below the url that it is given, with or without a slash at its end", async () => {
  await using shop = await clientOf([data({ ok: true, checks: [] })]);
  for (const url of [`${shop.shop.url}/store/`, new URL(shop.shop.url)]) {
    await createDoorbusterClient({ url }).operations.reconcile();
  }
  expect(shop.shop.requests.map(({ path }) => path)).toEqual([
    "/store/trpc/operations.reconcile",
    "/trpc/operations.reconcile",
  ]);
});
