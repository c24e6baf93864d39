import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "../servers/serve.ts";

/** Makes the answer as long as the one to a purchase. */
const ANSWER_PADDING = 200;

/** What Node's HTTP server can do at all: reads the body and answers as much as the shop does. */
await serve(async () => {
  const answer = JSON.stringify({ result: { data: { outcome: "nothing", padding: "x".repeat(ANSWER_PADDING) } } });
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/json", "content-length": answer.length });
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
});
