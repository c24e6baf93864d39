import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { makeLoad } from "./load.ts";

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

async function loadOn(url: string, connections: number) {
  const load = await makeLoad({ url, work: WORK, connections, warmUpMs: 20 }, ["a.b"]);
  const result = await load.count(1_000);
  await load.end();
  return result;
}

test("a closed loop has as many requests under way as connections", async () => {
  const waiting: ServerResponse[] = [];
  const result = await withServer(
    (_request, response) => {
      waiting.push(response);
      // Nobody is answered until all are there: with fewer under way this would come to no end.
      if (waiting.length === 5) for (const each of waiting.splice(0)) each.end(PURCHASED);
    },
    (url) => loadOn(url, 5),
  );
  expect(result.answers).toBeGreaterThan(0);
  expect(result.purchased).toBe(result.answers);
  expect(result.lost).toBe(0);
});

test("a server that closes a connection before the answer shows as lost", async () => {
  const result = await withServer(
    (_request, response) => response.destroy(),
    (url) => loadOn(url, 3),
  );
  expect(result).toMatchObject({ answers: 0, lost: 3 });
});
