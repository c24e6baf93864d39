import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { prepareBurst } from "./burst.ts";
import { prepareOverload } from "./overload.ts";

let server: Server;

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A shop that sells the first so many, each after a while, and hears who asks. */
async function startShop({ units, afterMs }: { units: number; afterMs: number }) {
  const asked: (string | undefined)[] = [];
  const sockets = new Set<unknown>();
  server = createServer((request, response) => {
    if (request.method === "GET") return response.writeHead(200, { "content-length": 0 }).end();
    sockets.add(request.socket);
    const outcome = asked.push(request.headers.authorization) <= units ? "purchased" : "refused";
    request.resume();
    setTimeout(() => {
      const body = JSON.stringify({ result: { data: { outcome } } });
      response.writeHead(200, { "content-length": body.length }).end(body);
    }, afterMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, sockets };
}

const work = { procedure: "purchases.buy", itemIds: [1] };
const credentials = Array.from({ length: 40 }, (_, index) => `buyer-${index}`);

it.each([true, false])(
  "has each buyer of a burst ask once, on a connection of their own (open before: %s)",
  async (connectedBefore) => {
    const { url, asked, sockets } = await startShop({ units: 10, afterMs: 0 });
    const result = await (await prepareBurst({ url, work, credentials, spreadMs: 10, connectedBefore }))();
    expect(result).toMatchObject({ answers: 40, purchased: 10, refused: 30, lost: 0 });
    expect(asked.toSorted()).toEqual(credentials.map((credential) => `Bearer ${credential}`).toSorted());
    expect(sockets.size).toBe(40);
  },
);

it("has as many buyers come to an overloaded shop as were told, and turns away whoever finds no connection", async () => {
  const { url, asked, sockets } = await startShop({ units: 1_000_000, afterMs: 50 });
  const options = { url, work, credentials, connections: 2, patienceMs: 10_000 };
  const result = await (await prepareOverload({ ...options, perSecond: 2_000, warmUpMs: 50, ms: 300 }))();
  expect(result.came / result.seconds).toBeGreaterThan(500);
  expect(result.turnedAway).toBeGreaterThan(result.came * 0.9);
  expect(result.decidedInTime).toBe(result.purchased);
  expect(result).toMatchObject({ refused: 0, unanswered: 0, total: { lost: 0, answers: asked.length } });
  expect(sockets.size).toBe(2);
});

it("does not count an answer that comes too late to be of use", async () => {
  const { url } = await startShop({ units: 1_000_000, afterMs: 50 });
  const options = { url, work, credentials, connections: 2, patienceMs: 40 };
  const result = await (await prepareOverload({ ...options, perSecond: 100, warmUpMs: 0, ms: 300 }))();
  expect(result.purchased).toBeGreaterThan(0);
  expect(result.decidedInTime).toBe(0);
});

it("says how many got no answer, and how many lost their connection", async () => {
  const { url } = await startShop({ units: 1_000_000, afterMs: 50 });
  server.on("request", ({ method, socket }) => method === "POST" && socket.destroy());
  const result = await (await prepareBurst({ url, work, credentials, spreadMs: 10, connectedBefore: true }))();
  expect(result).toMatchObject({ answers: 0, lost: 40 });
});
