import Fastify from "fastify";
import { expect, it } from "vitest";
import { signedInBuyer, startTestApp } from "../../app/app.fixture.ts";
import { eventually } from "../../testing/eventually.ts";
import { makeSale } from "../../testing/factories.ts";
import { stopClock } from "../../testing/stop-clock.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { createLiveSales } from "./live-sales.ts";
import { BY_ADAPTER, openStream, updatesIn } from "./open-stream.fixture.ts";
import { registerWatchRoute } from "./route.ts";

type Stream = Awaited<ReturnType<typeof openStream>>;

/** What a viewer hears who is turned away: in a stream, since that is what was asked for. */
async function refusalIn({ response, events, ended }: Stream) {
  await ended;
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "text/event-stream"]);
  expect(events.map(({ event }) => event)).toEqual(["connected", "serialized-error"]);
  return JSON.parse(events[1]?.data ?? "");
}

it("lets in as many viewers from one address as there are slots, however fast they come", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, {
    LIMIT_ANONYMOUS_PER_SECOND: "1",
    LIMIT_ANONYMOUS_BURST: "2",
    LIMIT_VIEWERS_PER_ADDRESS: "40",
  });
  const { saleId } = await makeSale(test.database, [{ stock: 10 }]);
  const streams = await Promise.all(Array.from({ length: 40 }, () => openStream(app, saleId)));
  expect(new Set(streams.map(({ response }) => response.status))).toEqual(new Set([200]));
  for (const { events } of streams) await eventually("the first update", () => updatesIn(events).length > 0);

  // Without a slot it is a call like any other, and pays for one.
  const clock = stopClock();
  const without = await Promise.all(Array.from({ length: 30 }, () => openStream(app, saleId)));
  clock[Symbol.dispose]();
  const refused = without.filter(({ response }) => response.status === 200);
  expect(refused.length).toBeGreaterThan(1);
  for (const stream of refused) {
    expect(await refusalIn(stream)).toMatchObject({
      message: expect.stringContaining("from your address"),
      data: { reason: "RATE_LIMITED", retryAfterMs: 10_000 },
    });
  }
  const penniless = without.find(({ response }) => response.status !== 200);
  expect([penniless?.response.status, penniless?.response.headers.get("retry-after")]).toEqual([429, "1"]);
  for (const { close } of streams) close();
  await eventually("all slots are free again", () => app.services.liveSales.stats().viewers === 0);
});

it("turns away in the words of tRPC's own adapter whoever has no slot", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, { LIMIT_VIEWERS_PER_USER: "1" });
  const { saleId } = await makeSale(test.database, [{ stock: 10 }]);
  const { token } = await signedInBuyer(test);
  const other = await signedInBuyer(test);
  const authorization = `Bearer ${token}`;
  const watching = await openStream(app, saleId, { authorization });
  const ours = await refusalIn(await openStream(app, saleId, { authorization }));
  const theirs = await openStream(app, saleId, { authorization, ...BY_ADAPTER });
  await theirs.ended;
  const theirError = JSON.parse(theirs.events.find(({ event }) => event === "serialized-error")?.data ?? "");
  const requestId = expect.any(String);
  expect(ours).toEqual({ ...theirError, data: { ...theirError.data, requestId } });
  expect(ours).toMatchObject({
    message: "Too many pages of yours are watching already. Please close some.",
    data: { code: "TOO_MANY_REQUESTS", reason: "RATE_LIMITED", retryable: true, retryAfterMs: 10_000 },
  });

  const others = await openStream(app, saleId, { authorization: `Bearer ${other.token}` });
  await eventually("another user's update", () => updatesIn(others.events).length > 0);
  watching.close();
  await eventually("the slot is free again", () => app.services.liveSales.stats().viewers === 1);
  const again = await openStream(app, saleId, { authorization });
  await eventually("the update", () => updatesIn(again.events).length > 0);
  for (const { close } of [others, again]) close();
});

it("says when to come again once the process has as many viewers as it can serve", async () => {
  await using test = await createTestDatabase();
  await using shop = await startTestApp(test);
  const { url: databaseUrl, schema, database } = test;
  const liveSales = createLiveSales({ database, databaseUrl, schema, viewersMax: 2 });
  const app = Fastify();
  registerWatchRoute(app, { actorOf: () => undefined, limits: shop.services.limits, liveSales });
  app.get("/trpc/:path", async () => "the adapter's");
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  const { saleId } = await makeSale(database, [{ stock: 10 }]);
  const watching = [await openStream({ url }, saleId), await openStream({ url }, saleId)];
  for (const { events } of watching) await eventually("the first update", () => updatesIn(events).length > 0);
  expect(await refusalIn(await openStream({ url }, saleId))).toMatchObject({
    message: expect.stringContaining("You can buy all the same"),
    data: { code: "SERVICE_UNAVAILABLE", reason: "OVERLOADED", retryable: true, retryAfterMs: 10_000 },
  });
  watching[0]?.close();
  await eventually("a slot is free", () => liveSales.stats().viewers === 1);
  const next = await openStream({ url }, saleId);
  await eventually("the update", () => updatesIn(next.events).length > 0);
  await liveSales.close();
  await app.close();
});
