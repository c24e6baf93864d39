import { existsSync } from "node:fs";
import { join } from "node:path";
import staticFiles from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { answerFault } from "./answer-fault.ts";

/**
 * Serves the built page. Files under /assets carry a hash of what is in them in their names, and are kept for ever;
 * all others are asked for again. Any other address that a browser opens is one of the page's own routes.
 *
 * @param folder where the page was built to; when it is absent only the API is served
 */
export async function pageRoutes(app: FastifyInstance, { folder }: { folder: string | undefined }): Promise<void> {
  const isBuilt = folder !== undefined && existsSync(join(folder, "index.html"));
  if (isBuilt) {
    await app.register(staticFiles, {
      root: folder,
      index: "index.html",
      wildcard: false,
      cacheControl: false,
      setHeaders: (reply, path) => {
        const hashed = path.startsWith(join(folder, "assets"));
        reply.header("cache-control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    if (!isBuilt || !opensPage(request)) return answerFault(request, reply, new Fault("NOT_FOUND"));
    return sendIndex(reply);
  });
}

/** Whether a browser opens this address as a page, rather than a program asking for something that is not there. */
export function opensPage(request: FastifyRequest): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  if (MACHINE_PATHS.test(request.url)) return false;
  return (request.headers.accept ?? "").includes("text/html");
}

const MACHINE_PATHS = /^\/(api|trpc|health|metrics|assets|images)(\/|\?|$)/;

function sendIndex(reply: FastifyReply): FastifyReply {
  return reply.sendFile("index.html", { cacheControl: false });
}
