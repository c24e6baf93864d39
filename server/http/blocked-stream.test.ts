import { type AddressInfo, connect } from "node:net";
import Fastify from "fastify";
import { it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { publicProcedure, router } from "./trpc.ts";
import { trpcRoute } from "./trpc-route.ts";

it("a live stream whose reader reads nothing is ended, and what makes it is told", async () => {
  const made = { count: 0, isOver: false };
  const flood = publicProcedure.subscription(async function* () {
    try {
      for (; ; made.count++) yield "x".repeat(100_000);
    } finally {
      made.isOver = true;
    }
  });
  const app = Fastify();
  await app.register(trpcRoute, {
    prefix: "/trpc",
    router: router({ flood }),
    contextOf: () => ({ actor: undefined, actorNow: () => undefined, requestId: "r", address: "127.0.0.1" }),
    blockedMsMax: 100,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const socket = connect((app.server.address() as AddressInfo).port, "127.0.0.1");
  socket.on("error", () => {}).pause();
  socket.write("GET /trpc/flood HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n");
  await eventually("it is sent", () => made.count > 0);
  await eventually("it is ended", () => made.isOver);
  socket.destroy();
  await app.close();
});
