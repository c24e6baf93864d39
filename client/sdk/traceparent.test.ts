import { expect, it } from "vitest";
import { createDoorbusterClient } from "./index.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { data, FakeShop, hangUp } from "./testing/fake-shop.ts";

const TRACEPARENT = /^00-([\da-f]{32})-([\da-f]{16})-01$/;

it("sends the key as the trace of all tries, each a span of its own", async () => {
  await using shop = await FakeShop.start(hangUp, data({ outcome: "purchased" }));
  const clock = new FakeClock();
  const client = createDoorbusterClient({ url: shop.url, clock, random: () => 0.5 });
  const idempotencyKey = "01A1FDE5-4f9f-7000-8000-00000000abcd";
  const onRetry = ({ delayMs }: { delayMs: number }) => void setImmediate(() => clock.advance(delayMs));
  await client.purchases.buy({ itemId: 7, idempotencyKey }, { onRetry });
  const sent = shop.requests.map(({ headers }) => TRACEPARENT.exec(String(headers.traceparent)));
  expect(sent.map((match) => match?.[1])).toEqual(Array(2).fill("01a1fde54f9f7000800000000000abcd"));
  expect(new Set(sent.map((match) => match?.[2])).size).toBe(2);
});

it("makes a trace where the key is no UUID or there is none, and sends none with a query", async () => {
  await using shop = await FakeShop.start(data({ items: [] }));
  const client = createDoorbusterClient({ url: shop.url });
  await client.purchases.buy({ itemId: 7, idempotencyKey: "mine" });
  await client.sales.pause({ saleId: 1 });
  await client.sales.list();
  const [bought, paused, listed] = shop.requests.map(({ headers }) => headers.traceparent);
  for (const traceparent of [bought, paused]) expect(traceparent).toMatch(TRACEPARENT);
  expect(bought).not.toBe(paused);
  expect(listed).toBeUndefined();
});
