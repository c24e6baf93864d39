import { connect, type Socket } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { answerFault } from "./answer-fault.ts";
import { limitConnections, openFilesMax } from "./connection-limit.ts";

const sockets: Socket[] = [];
let app: FastifyInstance;
let port = 0;

beforeEach(async () => {
  app = Fastify({ forceCloseConnections: true });
  app.setErrorHandler((error, request, reply) => answerFault(request, reply, error));
  limitConnections(app, 20);
  app.get("/api/thing", async () => "served");
  app.get("/health/live", async () => "well");
  const { port: taken } = new URL(await app.listen({ host: "127.0.0.1", port: 0 }));
  port = Number(taken);
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app.close();
});

/** Opens a connection and asks for something, unless told to keep silent. */
function visitor(path?: string) {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  const { promise: closed, resolve } = Promise.withResolvers<string>();
  let text = "";
  socket.on("data", (bytes) => {
    text += bytes.toString();
  });
  socket.on("error", () => {});
  socket.on("close", () => resolve(text));
  if (path !== undefined) socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  return { socket, text: () => text, closed };
}

const connections = () =>
  new Promise<number>((resolve, reject) =>
    app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  );

async function fill(count: number): Promise<void> {
  for (let index = 0; index < count; index++) visitor();
  await eventually("all are there", async () => (await connections()) === count);
}

it("serves everybody while there is room", async () => {
  await fill(18);
  const last = visitor("/api/thing");
  await eventually("the answer", () => last.text().endsWith("served"));
});

it("answers 503 with a time to come again to whoever comes while the last places are given away, and lets them go", async () => {
  await fill(19);
  const late = await visitor("/api/thing").closed;
  expect(late).toMatch(/^HTTP\/1\.1 503 /);
  expect(late.toLowerCase()).toContain("\r\nretry-after: 10\r\n");
  expect(JSON.parse(late.slice(late.indexOf("\r\n\r\n")))).toMatchObject({ code: "OVERLOADED", retryable: true });
  const probe = visitor("/health/live");
  await eventually("the health", () => probe.text().endsWith("well"));
});

it("serves a late one all the same once others have left", async () => {
  await fill(19);
  const late = visitor();
  await eventually("it is there", async () => (await connections()) === 20);
  sockets[0]?.destroy();
  await eventually("one has left", async () => (await connections()) === 19);
  late.socket.write("GET /api/thing HTTP/1.1\r\nhost: localhost\r\n\r\n");
  await eventually("the answer", () => late.text().endsWith("served"));
});

it("closes what comes beyond, and goes on", async () => {
  await fill(20);
  expect(await visitor("/api/thing").closed).toBe("");
  for (const socket of sockets.splice(0, 5)) socket.destroy();
  await eventually("some have left", async () => (await connections()) === 15);
  const next = visitor("/api/thing");
  await eventually("the answer", () => next.text().endsWith("served"));
});

it("knows how many files this process may open", () => {
  if (process.platform === "linux") expect(openFilesMax()).toBeGreaterThan(0);
});
