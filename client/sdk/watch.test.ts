import { expect, test } from "vitest";
import type { SaleUpdate } from "../../shared/sales.ts";
import { createDoorbusterClient, type DoorbusterClientOptions, type WatchState } from "./index.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { type Answer, FakeShop, fault, hangUp, page, silence, stream } from "./testing/fake-shop.ts";

const CONNECTED = "event: connected\ndata: {}\n\n\n";
const PING = "event: ping\ndata: \n\n\n";

function update(version: number): SaleUpdate {
  const time = "2026-11-20T10:00:00.000Z";
  const items = [{ id: 1, remaining: 100 - version, version }];
  return { saleId: 3, version, status: "live", serverTime: time, startsAt: time, endsAt: time, items };
}

function sent(...versions: number[]): string {
  return versions.map((version) => `data: ${JSON.stringify(update(version))}\n\n\n`).join("");
}

/** Watches sale 3 of a shop that answers so, on a clock of the test's; waits before a new connection pass at once. */
async function watchOf(answers: Answer[], options: Partial<DoorbusterClientOptions> = {}) {
  const shop = await FakeShop.start(...answers);
  const clock = new FakeClock();
  const controller = new AbortController();
  const states: WatchState[] = [];
  const onStateChange = (state: WatchState) => {
    states.push(state);
    if (state === "reconnecting") setImmediate(() => clock.advance(500));
  };
  const client = createDoorbusterClient({ url: shop.url, clock, random: () => 0.5, silenceMs: 10_000, ...options });
  const updates = client.sales.watch({ saleId: 3 }, { signal: controller.signal, onStateChange });
  return {
    shop,
    clock,
    controller,
    states,
    updates,
    /** The version of the next update; undefined when there will be none. */
    next: async () => (await updates.next()).value?.version,
    [Symbol.asyncDispose]: async () => {
      controller.abort();
      await shop[Symbol.asyncDispose]();
    },
  };
}

test("asks as tRPC does, with the token, and hands out each update whole", async () => {
  await using watch = await watchOf([stream(CONNECTED, sent(1), PING, sent(2))], { token: "secret" });
  expect((await watch.updates.next()).value).toEqual(update(1));
  expect((await watch.updates.next()).value).toEqual(update(2));
  expect(watch.shop.requests).toMatchObject([{ method: "GET", path: "/trpc/sales.watch", input: { saleId: 3 } }]);
  expect(watch.shop.requests[0]?.headers).toMatchObject({
    authorization: "Bearer secret",
    accept: "text/event-stream",
  });
  expect(watch.states).toEqual(["connecting", "open"]);
});

test.each([
  ["a stream that ends in the middle", stream(CONNECTED, sent(1), 'data: {"saleId', "end")],
  ["a shop that stops", stream(CONNECTED, sent(1), "event: return\ndata: \n\n")],
  ["a connection that breaks", hangUp],
  ["a shop that is starting", fault("UNAVAILABLE")],
  ["a shop that fails", fault("INTERNAL")],
  ["a proxy without a shop", page(502)],
  ["a page of some network's own", page(200)],
  ["an update that is not one", stream(CONNECTED, "data: {}\n\n")],
  ["an update that is not JSON", stream(CONNECTED, "data: <h1>\n\n")],
  ["an error in the stream that may pass", stream(CONNECTED, serializedError("UNAVAILABLE", true))],
] as const)("connects anew after %s", async (_, failure) => {
  await using watch = await watchOf([failure, stream(CONNECTED, sent(5))]);
  const versions = [await watch.next()];
  if (versions[0] === 1) versions.push(await watch.next());
  expect(versions.at(-1)).toBe(5);
  expect(watch.states.slice(-2)).toEqual(["reconnecting", "open"]);
  expect(watch.states.filter((state) => state === "connecting")).toHaveLength(1);
});

test("drops an update whose version goes back, within a connection and across them", async () => {
  await using watch = await watchOf([stream(CONNECTED, sent(4, 3, 5), "end"), stream(CONNECTED, sent(2, 5, 6))]);
  expect([await watch.next(), await watch.next(), await watch.next(), await watch.next()]).toEqual([4, 5, 5, 6]);
});

test("begins its back-off anew once an update has come", async () => {
  await using watch = await watchOf([stream(CONNECTED, sent(1), "end"), stream(CONNECTED, sent(2), "end"), silence]);
  expect([await watch.next(), await watch.next()]).toEqual([1, 2]);
  void watch.next();
  await watch.shop.asked(3);
  expect(watch.clock.now()).toBe(2 * 500);
});

test("connects anew when it has heard nothing for too long, and leaves the silent connection", async () => {
  await using watch = await watchOf([stream(CONNECTED, sent(1)), stream(CONNECTED, sent(2))]);
  expect(await watch.next()).toBe(1);
  const next = watch.next();
  watch.clock.advance(9_999);
  expect(watch.states).toEqual(["connecting", "open"]);
  watch.clock.advance(1);
  await watch.shop.requests[0]?.left;
  expect(await next).toBe(2);
  expect(watch.states).toEqual(["connecting", "open", "reconnecting", "open"]);
});

test("takes a ping for a sign of life", async () => {
  let ping = () => {};
  const withPing: Answer = (response) => {
    stream(CONNECTED, sent(1))(response);
    ping = () => response.write(PING);
  };
  await using watch = await watchOf([withPing]);
  expect(await watch.next()).toBe(1);
  void watch.next();
  for (let round = 0; round < 3; round++) {
    // The ping has been heard once the guard of the read before it is gone and the next one stands at the new time.
    watch.clock.advance(9_000);
    const guards = watch.clock.started;
    ping();
    await expect.poll(() => watch.clock.started).toBeGreaterThan(guards);
  }
  expect(watch.states).toEqual(["connecting", "open"]);
});

test("does not wait for ever for an answer to begin", async () => {
  await using watch = await watchOf([silence, stream(CONNECTED, sent(2))]);
  const next = watch.next();
  await watch.shop.asked(1);
  watch.clock.advance(10_000);
  expect(await next).toBe(2);
});

test.each([
  ["is not there", fault("NOT_FOUND"), "NOT_FOUND"],
  ["may not be seen", fault("FORBIDDEN"), "FORBIDDEN"],
  ["fails for good in the stream", stream(CONNECTED, serializedError("NOT_FOUND", false)), "NOT_FOUND"],
] as const)("throws when the sale %s", async (_, answer, code) => {
  await using watch = await watchOf([answer]);
  await expect(watch.updates.next()).rejects.toMatchObject({ name: "DoorbusterError", code });
  expect(watch.shop.requests).toHaveLength(1);
});

test("ends quietly when it is aborted, while it listens and while it waits", async () => {
  await using listening = await watchOf([stream(CONNECTED, sent(1))]);
  expect(await listening.next()).toBe(1);
  const next = listening.next();
  listening.controller.abort();
  expect(await next).toBeUndefined();
  await listening.shop.requests[0]?.left;
  expect(listening.clock.pending).toBe(0);

  await using waiting = await watchOf([fault("UNAVAILABLE", { retryAfterMs: 60_000 })]);
  const never = waiting.next();
  await expect.poll(() => waiting.states).toContain("reconnecting");
  waiting.controller.abort();
  expect(await never).toBeUndefined();
  expect(waiting.clock.pending).toBe(0);
});

test("leaves its connection when the loop is left", async () => {
  await using watch = await watchOf([stream(CONNECTED, sent(1))]);
  for await (const { version } of watch.updates) {
    expect(version).toBe(1);
    break;
  }
  await watch.shop.requests[0]?.left;
  expect(watch.clock.pending).toBe(0);
});

function serializedError(reason: string, retryable: boolean): string {
  const error = { message: "No.", code: -32603, data: { reason, retryable, httpStatus: retryable ? 503 : 404 } };
  return `event: serialized-error\ndata: ${JSON.stringify(error)}\n\n`;
}
