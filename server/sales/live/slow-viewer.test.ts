import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { expect, it } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { EventResponse } from "./event-response.ts";
import { Frame } from "./sale-feed.ts";
import { ViewerStream } from "./viewer-stream.ts";

/** An update of some 10 kB: that of a sale with as many items as there may be. */
function frame(version: number): Frame {
  const at = new Date(0).toISOString();
  const items = Array.from({ length: 200 }, (_, id) => ({ id, remaining: 1_000_000, version }));
  return new Frame({ saleId: 1, version, status: "live", serverTime: at, startsAt: at, endsAt: at, items });
}

it("holds a few updates for a viewer that never reads, and shows it the newest when it does", async () => {
  const opened = Promise.withResolvers<{ stream: ViewerStream; held: () => number }>();
  const server = createServer((_request, response) => {
    const eventResponse = EventResponse.on(response);
    const { socket } = response;
    if (!eventResponse || !socket) return opened.reject(new Error("no connection"));
    const stream = new ViewerStream(eventResponse, () => ({ "content-type": "text/event-stream" }));
    opened.resolve({ stream, held: () => socket.writableLength });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const viewer = connect((server.address() as AddressInfo).port, "127.0.0.1");
  viewer.pause();
  viewer.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  const { stream, held } = await opened.promise;

  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const bytes = frame(1).event.chunk.length;
  // Far more than the operating system takes for a connection.
  const updates = Math.ceil((64 * 1_024 * 1_024) / bytes);
  let most = 0;
  for (let version = 1; version <= updates; version++) {
    stream.receive(frame(version));
    if (version % 100 === 0) await turn();
    most = Math.max(most, held());
  }
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(100 * 1_024);

  let last = "";
  viewer.on("data", (piece) => {
    last = (last + piece.toString("latin1")).slice(-2 * bytes);
  });
  viewer.resume();
  await eventually("the newest update", () => last.includes(`"version":${updates},`));
  viewer.destroy();
  server.close();
});
