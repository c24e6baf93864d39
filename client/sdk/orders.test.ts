import { expect, test } from "vitest";
import { createDoorbusterClient, DoorbusterError } from "./index.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { type Answer, data, FakeShop, fault, hangUp } from "./testing/fake-shop.ts";

const PLACED = { outcome: "placed", order: { orderId: 7 }, replayed: false };
const SHORT = {
  outcome: "refused",
  code: "INSUFFICIENT_INVENTORY",
  errorCode: "SQLITE_BUSY",
  message: "…",
  problems: [],
};
const LINES = [{ productId: 1, quantity: 2 }];

/** A client on a clock that passes every wait for a retry at once. */
async function clientOf(...answers: Answer[]) {
  const shop = await FakeShop.start(...answers);
  const clock = new FakeClock();
  const client = createDoorbusterClient({ url: shop.url, clock, random: () => 0.5 });
  const onRetry = ({ delayMs }: { delayMs: number }) => void setImmediate(() => clock.advance(delayMs));
  return { client, shop, onRetry, [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose]() };
}

function keysOf(shop: FakeShop): unknown[] {
  return shop.requests.map(({ input }) => (input as { idempotencyKey: unknown }).idempotencyKey);
}

test("sends an order again with the key of its first try until it is answered", async () => {
  await using shop = await clientOf(hangUp, fault("LOCK_TIMEOUT"), fault("OUTCOME_UNKNOWN"), data(PLACED));
  expect(await shop.client.orders.place({ lines: LINES }, { onRetry: shop.onRetry })).toEqual(PLACED);
  const keys = keysOf(shop.shop);
  expect(keys).toHaveLength(4);
  expect(new Set(keys)).toEqual(new Set([expect.stringMatching(/^[0-9a-f-]{36}$/)]));
  for (const { path, input } of shop.shop.requests) {
    expect(path).toBe("/trpc/orders.place");
    expect(input).toMatchObject({ lines: LINES });
  }
});

test("takes a refused order for an answer, and asks once", async () => {
  await using shop = await clientOf(data(SHORT));
  expect(await shop.client.orders.place({ lines: LINES, idempotencyKey: "mine" })).toEqual(SHORT);
  expect(keysOf(shop.shop)).toEqual(["mine"]);
});

test("tells the key of an order whose outcome is not known, which byKey then asks for", async () => {
  await using shop = await clientOf(hangUp, data({ orderId: 7 }));
  const placing = shop.client.orders.place({ lines: LINES }, { deadlineMs: 1 });
  const error = await placing.catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(DoorbusterError);
  const { outcome, idempotencyKey } = error as DoorbusterError;
  expect(outcome).toBe("unknown");
  expect(keysOf(shop.shop)).toEqual([idempotencyKey]);
  expect(await shop.client.orders.byKey({ idempotencyKey: String(idempotencyKey) })).toEqual({ orderId: 7 });
});

test("hands on what the database calls the failure", async () => {
  await using shop = await clientOf(fault("LOCK_TIMEOUT", { errorCode: "SQLITE_LOCKED" }));
  const placing = shop.client.orders.place({ lines: LINES }, { deadlineMs: 1 });
  await expect(placing).rejects.toMatchObject({ code: "LOCK_TIMEOUT", errorCode: "SQLITE_LOCKED", outcome: undefined });
});

test.each([
  ["goods that come in", "products.receive", { productId: 1, units: 2 }],
  ["a new product", "products.create", { name: "Lamp", priceCents: 1 }],
  ["an order that is given back", "orders.refund", { orderId: 7 }],
] as const)("sends %s again with one key", async (_, path, request) => {
  await using shop = await clientOf(fault("UNAVAILABLE"), data({}));
  const { products, orders } = shop.client;
  const options = { onRetry: shop.onRetry };
  if (path === "products.receive") await products.receive(request, options);
  else if (path === "products.create") await products.create(request, options);
  else await orders.refund(request, options);
  expect(shop.shop.requests.map((seen) => seen.path)).toEqual([`/trpc/${path}`, `/trpc/${path}`]);
  expect(new Set(keysOf(shop.shop)).size).toBe(1);
});

test("sends what has no key once", async () => {
  await using shop = await clientOf(fault("UNAVAILABLE"));
  await expect(shop.client.products.update({ productId: 1, priceCents: 1 })).rejects.toThrow(DoorbusterError);
  await expect(shop.client.sales.pause({ saleId: 1 })).rejects.toThrow(DoorbusterError);
  expect(shop.shop.requests).toHaveLength(2);
});
