import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { eventually } from "../../server/testing/eventually.ts";
import { makeLoad } from "./load.ts";
import { openLoop } from "./open-loop.ts";
import { requestFactory } from "./requests.ts";

const PURCHASED = '{"result":{"data":{"outcome":"purchased"}}}';
const WORK = { procedure: "purchases.buy", itemIds: [1] };

/** A server in this process; what it does is the handler's business. */
async function withServer<T>(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  use: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => handler(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("a closed loop has as many requests under way as connections", async () => {
  const waiting: ServerResponse[] = [];
  const result = await withServer(
    (_request, response) => {
      waiting.push(response);
      // Nobody is answered until all are there: with fewer under way this would come to no end.
      if (waiting.length === 5) for (const each of waiting.splice(0)) each.end(PURCHASED);
    },
    (url) => makeLoad({ url, work: WORK, connections: 5, warmUpMs: 20, ms: 100 }, ["a.b"]),
  );
  expect(result.answers).toBeGreaterThan(0);
  expect(result.purchased).toBe(result.answers);
  expect(result.lost).toBe(0);
});

test("an open loop sends as many as are due, however quick the answers are", async () => {
  const result = await withServer(
    (_request, response) => response.end(PURCHASED),
    (url) => makeLoad({ url, work: WORK, connections: 20, perSecond: 200, warmUpMs: 0, ms: 300 }, ["a.b"]),
  );
  expect(result.answers).toBeGreaterThan(0);
  expect(result.answers).toBeLessThanOrEqual(200 * result.seconds + 20);
  expect(result.purchased).toBe(result.answers);
});

test("in an open loop what is due while nobody is free waits, and its wait counts", async () => {
  const times: number[] = [];
  let held: ServerResponse | undefined;
  await withServer(
    (_request, response) => {
      if (held) response.end(PURCHASED);
      else held = response;
    },
    async (url) => {
      const { hostname: host, port } = new URL(url);
      const loop = await openLoop({
        target: { host, port: Number(port) },
        connections: 1,
        perSecond: 500,
        makeRequest: requestFactory(WORK, ["a.b"], host),
        onAnswer: (connection) => times.push(performance.now() - connection.sentAt),
        onLost: () => times.push(Number.NaN),
      });
      await eventually("ten wait", () => loop.unsent() > 10);
      held?.end(PURCHASED);
      await eventually("ten are answered", () => times.length > 10);
      await loop.end(1_000);
      // Ten more were due, 2 ms apart, while the second one waited.
      expect(times[1]).toBeGreaterThan(18);
    },
  );
});

test("a server that closes a connection before the answer shows as lost", async () => {
  const result = await withServer(
    (_request, response) => response.destroy(),
    (url) => makeLoad({ url, work: WORK, connections: 3, warmUpMs: 0, ms: 100 }, ["a.b"]),
  );
  expect(result).toMatchObject({ answers: 0, lost: 3 });
});
