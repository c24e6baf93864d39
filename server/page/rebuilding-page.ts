import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { answerFault } from "../http/answer-fault.ts";
import { opensPage } from "../http/page.ts";
import { REBUILDING_PAGE_HEADERS } from "../http/security-headers.ts";

/** Serves the page from its sources while they are being worked on: Vite renews it in the browser as they change. */
export async function rebuildingPage(app: FastifyInstance, root: string): Promise<void> {
  const { createServer } = await import("vite");
  const vite = await createServer({
    configFile: join(root, "vite.config.ts"),
    // Otherwise it is copied to a file that comes and goes, and each time whoever watches would start this process anew.
    configLoader: "native",
    appType: "custom",
    server: { middlewareMode: true, ws: { server: app.server } },
  });
  app.addHook("onClose", () => vite.close());
  app.setNotFoundHandler((request, reply) => {
    if (request.method !== "GET" || MACHINE_PATHS.test(request.url)) {
      return answerFault(request, reply, new Fault("NOT_FOUND"));
    }
    reply.removeHeader("cache-control").headers(REBUILDING_PAGE_HEADERS);
    if (opensPage(request)) return sendIndex();
    reply.raw.setHeaders(new Map(Object.entries(reply.getHeaders() as Record<string, string>)));
    reply.hijack();
    vite.middlewares(request.raw, reply.raw, () => {
      reply.raw.statusCode = 404;
      reply.raw.end();
    });

    async function sendIndex() {
      const html = await readFile(join(root, "client", "web", "index.html"), "utf8");
      return reply.type("text/html; charset=utf-8").send(await vite.transformIndexHtml(request.url, html));
    }
  });
}

const MACHINE_PATHS = /^\/(api|trpc|health)(\/|\?|$)/;
