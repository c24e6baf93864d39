import { once } from "node:events";
import { createServer as createWebServer } from "node:http";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { ReceivedConnections } from "./received-connections.ts";

/** A web server that is given its connections, and clients of it. */
async function openDoor() {
  const asked: (() => void)[] = [];
  const server = createWebServer((_request, response) => asked.push(() => response.end("answer")));
  const received = new ReceivedConnections(server);
  // As the first process does, but for the way between the two.
  const reception = createServer({ pauseOnConnect: true }, (connection) => {
    received.receive(connection);
    connection.resume();
  });
  await new Promise<void>((resolve) => reception.listen(0, "127.0.0.1", resolve));
  const { port } = reception.address() as AddressInfo;
  return {
    received,
    asked,
    async connect(): Promise<Socket> {
      const client = connect(port, "127.0.0.1");
      await once(client, "connect");
      return client;
    },
    [Symbol.dispose]: () => void reception.close(),
  };
}

const REQUEST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

it("serves a connection that it was given", async () => {
  using door = await openDoor();
  const client = await door.connect();
  client.write(REQUEST);
  await eventually("it was asked", () => door.asked.length === 1);
  door.asked[0]?.();
  expect(await text(client)).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*answer/);
});

it("is closed when the last connection is", async () => {
  using door = await openDoor();
  await door.received.closed();
  const clients = [await door.connect(), await door.connect()];
  for (const client of clients) client.write(REQUEST);
  await eventually("both have asked", () => door.asked.length === 2);
  expect(door.received.open).toBe(2);
  let isClosed = false;
  const closing = door.received.closed().then(() => {
    isClosed = true;
  });
  door.asked[0]?.();
  await eventually("one is answered", () => door.received.open === 1);
  expect(isClosed).toBe(false);
  door.asked[1]?.();
  await closing;
  expect(door.received.open).toBe(0);
});
