import { expect, it } from "vitest";
import { startTestApp } from "../../app/app.fixture.ts";
import { eventually } from "../../testing/eventually.ts";
import { makeOperator, makeSale } from "../../testing/factories.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { adjustStock } from "../adjust-stock.ts";
import { getOf, rawRequest } from "./raw-viewer.fixture.ts";

it("sends whole events in chunks to HTTP/1.1, and without chunks to HTTP/1.0", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10 }]);
  const operatorId = await makeOperator(test.database);
  const [newer, older] = ["1.1", "1.0"].map((version) => rawRequest(app, [getOf(saleId, version)]));
  for (const stream of [newer, older])
    await eventually("the present state", () => stream?.text().includes("remaining"));
  const [itemId = 0] = itemIds;
  await adjustStock(app.services, operatorId, { itemId, change: 1, reason: "one more", idempotencyKey: "one more" });
  for (const stream of [newer, older]) await eventually("the change", () => stream?.text().includes('"remaining":11'));
  await app.stop();
  const [inChunks, plain] = await Promise.all([newer?.closed, older?.closed]);

  expect(headOf(inChunks)).toMatchObject({ connection: "keep-alive", "transfer-encoding": "chunked" });
  expect(headOf(plain)).toMatchObject({ connection: "close" });
  expect(headOf(plain)).not.toHaveProperty("transfer-encoding");
  const { chunks, rest } = chunksOf(bodyOf(inChunks));
  expect(rest).toBe("");
  expect(chunks.at(-1)).toBe("");
  const eventsOfOlder = bodyOf(plain).match(/[\s\S]*?\n\n/g);
  for (const events of [chunks.slice(0, -1), eventsOfOlder]) {
    expect(events?.[0]).toBe('event: connected\ndata: {"reconnectAfterInactivityMs":10000}\n\n');
    expect(events?.filter((event) => !event.startsWith("event: ping\ndata: \n\n"))).toEqual([
      events?.[0],
      expect.stringMatching(/^data: \{"saleId":.*"remaining":10,.*\}\n\n$/),
      expect.stringMatching(/^data: \{"saleId":.*"remaining":11,.*\}\n\n$/),
    ]);
  }
});

it("answers a request that waits behind another one of its connection in its turn", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId } = await makeSale(test.database, [{ stock: 10 }]);
  const list = "GET /trpc/sales.list?input=%7B%7D HTTP/1.1\r\nhost: localhost\r\n\r\n";
  const stream = rawRequest(app, [list, getOf(saleId, "1.1")]);
  await eventually("both answers", () => stream.text().includes("event: connected"));
  expect(stream.text().indexOf('"nextCursor"')).toBeGreaterThan(0);
  expect(stream.text().indexOf('"nextCursor"')).toBeLessThan(stream.text().indexOf("text/event-stream"));
  stream.socket.destroy();
  await eventually("the slot is free again", () => app.services.liveSales.stats().viewers === 0);
});

function headOf(answer = ""): Record<string, string> {
  const lines = answer.slice(0, answer.indexOf("\r\n\r\n")).split("\r\n").slice(1);
  return Object.fromEntries(lines.map((line) => line.split(": ", 2)));
}

function bodyOf(answer = ""): string {
  return answer.slice(answer.indexOf("\r\n\r\n") + 4);
}

/** Takes a body of chunks apart; what is not a chunk is left over. The texts are ASCII. */
function chunksOf(body: string): { chunks: string[]; rest: string } {
  const chunks: string[] = [];
  let rest = body;
  for (;;) {
    const size = /^([0-9a-f]+)\r\n/.exec(rest);
    if (!size?.[1]) return { chunks, rest };
    const end = size[0].length + Number.parseInt(size[1], 16);
    if (rest.slice(end, end + 2) !== "\r\n") return { chunks, rest };
    chunks.push(rest.slice(size[0].length, end));
    rest = rest.slice(end + 2);
  }
}
