import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { createLogger } from "../processes/logger.ts";
import { readConfig } from "../settings/config.ts";
import { createServer } from "./server.ts";

/** Without a database: what is sent here never becomes a request. */
async function startApp() {
  const app = createServer({
    config: readConfig({}),
    limits: { takeTokens: () => {} },
    isOfCrowd: () => false,
    logger: createLogger({ mode: "production", logLevel: "silent" }),
    isDraining: () => false,
    timeouts: { requestMs: 200, headersMs: 100, checkMs: 20 },
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return {
    port: (app.server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: () => app.close(),
  };
}

it.each([
  ["headers that never end", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "],
  [
    "a body that never ends",
    "POST /api/purchase/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
  ],
  ["nothing at all", ""],
])("ends a connection that brings %s", async (_what, sent) => {
  await using app = await startApp();
  const socket = connect({ port: app.port, host: "127.0.0.1", allowHalfOpen: true });
  socket.write(sent);
  // Read to its end, which the server alone can bring about.
  const answer = await text(socket);
  socket.end();
  expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n/);
  expect(answer).toContain('"code":"INVALID_INPUT"');
});
