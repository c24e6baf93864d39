import { Agent, createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { ConnectionsInUse, surpluses } from "./spread-connections.ts";

it.each([
  [
    [256, 0],
    [128, 0],
  ],
  [
    [210, 46],
    [82, 0],
  ],
  // Close enough to even.
  [
    [200, 56],
    [0, 0],
  ],
  // Too few to matter.
  [
    [30, 0],
    [0, 0],
  ],
  [
    [300, 0, 0],
    [200, 0, 0],
  ],
  [[0], [0]],
  [[500], [0]],
])("has of %j connections so many end: %j", (counts, ended) => {
  expect(surpluses(counts)).toEqual(ended);
});

it("counts connections with a request since the last count, and ends as many as it is told to", async () => {
  // As the application does: after the listener that decides, and with headers of its own.
  const server = createServer((_request, response) => response.writeHead(200, { "content-length": 2 }).end("ok"));
  const inUse = new ConnectionsInUse(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const ask = (agent?: Agent) =>
    new Promise<string | undefined>((resolve, reject) => {
      request({ port, agent, host: "127.0.0.1", headers: { connection: "keep-alive" } }, (response) => {
        response.resume().on("end", () => resolve(response.headers.connection));
      })
        .on("error", reject)
        .end();
    });
  const agent = new Agent({ keepAlive: true });
  await Promise.all([ask(agent), ask(agent), ask(agent)]);
  expect(inUse.count()).toBe(3);
  expect(inUse.count()).toBe(0);
  await Promise.all([ask(agent), ask(agent)]);
  agent.destroy();
  await eventually("they are closed", async () => (await connectionsOf(server)) === 0);
  expect(inUse.count()).toBe(0);
  inUse.end(2);
  expect([await ask(), await ask(), await ask()]).toEqual(["close", "close", "keep-alive"]);
  inUse.end(1);
  inUse.count();
  expect(await ask()).toBe("keep-alive");
  server.closeAllConnections();
  server.close();
});

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );
}
