import { connect, type Socket } from "node:net";
import { createTRPCClient, httpSubscriptionLink } from "@trpc/client";
import { expect, it } from "vitest";
import type { StreamEvent } from "../../../client/sdk/event-stream.ts";
import type { SaleUpdate } from "../../../shared/sales.ts";
import { startTestApp, type TestApp } from "../../app/app.fixture.ts";
import type { AppRouter } from "../../app/router.ts";
import { eventually } from "../../testing/eventually.ts";
import { makeOperator, makeSale } from "../../testing/factories.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { adjustStock } from "../adjust-stock.ts";
import { FetchEventSource } from "./event-source.fixture.ts";
import { BY_ADAPTER, openStream, updatesIn } from "./open-stream.fixture.ts";
import { getOf, rawRequest, watchPath } from "./raw-viewer.fixture.ts";

async function addUnit(app: TestApp, operatorId: string, itemId: number): Promise<void> {
  const idempotencyKey = crypto.randomUUID();
  await adjustStock(app.services, operatorId, { itemId, change: 1, reason: "one more", idempotencyKey });
}

it("is followed by tRPC's own client", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }]);
  const operatorId = await makeOperator(test.database);
  const client = createTRPCClient<AppRouter>({
    links: [httpSubscriptionLink({ url: `${app.url}/trpc`, EventSource: FetchEventSource as never })],
  });
  const updates: SaleUpdate[] = [];
  const failures: unknown[] = [];
  const subscription = client.sales.watch.subscribe(
    { saleId },
    { onData: (update) => void updates.push(update), onError: (error) => void failures.push(error) },
  );
  await eventually("the present state", () => updates.at(-1)?.items[0]?.remaining === 10);
  await addUnit(app, operatorId, itemIds[0] ?? 0);
  await eventually("the change", () => updates.at(-1)?.items[0]?.remaining === 11);
  subscription.unsubscribe();
  await eventually("the slot is free again", () => app.services.liveSales.stats().viewers === 0);
  expect(failures).toEqual([]);

  const unknown = Promise.withResolvers<unknown>();
  client.sales.watch.subscribe({ saleId: 4_711 }, { onError: unknown.resolve });
  expect(await unknown.promise).toMatchObject({ data: { code: "NOT_FOUND", reason: "NOT_FOUND" } });
});

it("answers in the same words as tRPC's own adapter", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId } = await makeSale(test.database, [{ stock: 10 }]);
  const ours = await openStream(app, saleId);
  const theirs = await openStream(app, saleId, BY_ADAPTER);
  for (const { events } of [ours, theirs]) await eventually("the first update", () => updatesIn(events).length > 0);

  const eventNames = ({ events }: { events: StreamEvent[] }) => events.map((each) => each.event).slice(0, 2);
  expect(eventNames(ours)).toEqual(eventNames(theirs));
  expect(updatesIn(ours.events)[0]).toEqual({ ...updatesIn(theirs.events)[0], serverTime: expect.any(String) });
  const headersOf = ({ response }: { response: Response }) =>
    Object.fromEntries([...response.headers].filter(([name]) => name !== "date" && name !== "x-request-id"));
  expect(headersOf(ours)).toEqual(headersOf(theirs));
  expect(headersOf(ours)).toMatchObject({ "content-type": "text/event-stream", "x-content-type-options": "nosniff" });
  for (const { close } of [ours, theirs]) close();
  await eventually("both slots are free again", () => app.services.liveSales.stats().viewers === 0);
});

it("leaves to the adapter what is not a plain subscription to a sale that exists", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId } = await makeSale(test.database, [{ stock: 10 }]);
  for (const input of [4_711, "x", -1, null]) {
    const { events, ended } = await openStream(app, input);
    await ended;
    expect(events.map((each) => each.event)).toContain("serialized-error");
  }
  const batch = `/trpc/sales.watch?batch=1&input=${encodeURIComponent(JSON.stringify({ 0: { saleId } }))}`;
  expect((await app.send(batch)).body).toMatchObject([{ error: { data: { code: "BAD_REQUEST" } } }]);
  expect((await app.mutate("sales.watch", { saleId })).text).toContain('"code":"METHOD_NOT_SUPPORTED"');
  expect((await app.send("/trpc/sales.watch?input=%7B")).status).toBeLessThan(500);
  expect(app.services.liveSales.stats().viewers).toBe(0);
});

it("serves viewers who read while others never do, and forgets those when they are gone", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(
    test.database,
    Array.from({ length: 20 }, () => ({ stock: 10 })),
  );
  const operatorId = await makeOperator(test.database);
  const { hostname, port } = new URL(app.url);
  const silent: Socket[] = [];
  for (let index = 0; index < 20; index++) {
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.on("error", () => {});
    socket.write(`GET ${watchPath(saleId)} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
    silent.push(socket);
  }
  const reading = await openStream(app, saleId);
  await eventually("all are there", () => app.services.liveSales.stats().viewers === 21);
  for (const itemId of itemIds) await addUnit(app, operatorId, itemId);
  await eventually("all changes are seen", () => updatesIn(reading.events).at(-1)?.version === itemIds.length);
  for (const socket of silent) socket.destroy();
  await eventually("only the reader is left", () => app.services.liveSales.stats().viewers === 1);
  reading.close();
});

it("loses hundreds of viewers at once, and goes on for the others", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }]);
  const operatorId = await makeOperator(test.database);
  const crowd = Array.from({ length: 400 }, () => rawRequest(app, [getOf(saleId, "1.1")]));
  const staying = await openStream(app, saleId);
  await eventually("all are there", () => app.services.liveSales.stats().viewers === 401);
  const change = addUnit(app, operatorId, itemIds[0] ?? 0);
  for (const { socket } of crowd) socket.resetAndDestroy();
  await change;
  await eventually("the others hear of the change", () => updatesIn(staying.events).at(-1)?.items[0]?.remaining === 11);
  await eventually("only one is left", () => app.services.liveSales.stats().viewers === 1);
  staying.close();
  await eventually("nobody is left", () => app.services.liveSales.stats().viewers === 0);
  expect(app.logged()).not.toContain('"level":"error"');
});

it("ends its streams when the server stops, so that viewers connect elsewhere", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId } = await makeSale(test.database, [{ stock: 10 }]);
  const { events, ended } = await openStream(app, saleId);
  await eventually("the first update", () => updatesIn(events).length > 0);
  await app.stop();
  await ended;
  // The word "return" would tell tRPC's client that it need not come again.
  expect(events.map((each) => each.event)).not.toContain("return");
});
