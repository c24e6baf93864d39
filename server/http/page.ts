import { existsSync } from "node:fs";
import { join } from "node:path";
import staticFiles from "@fastify/static";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { answerFault } from "./answer-fault.ts";

/**
 * Serves the built page. Files under /assets carry a hash of what is in them in their names, and are kept for ever;
 * all others are asked for again. Any other address, where it does not name a file, is one of the page's own routes,
 * whatever its caller accepts.
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

/** Whether this address is one of the page's own, rather than one of a program's or a file that is not there. */
export function opensPage(request: FastifyRequest): boolean {
  if (request.method !== "GET" && request.method !== "HEAD") return false;
  const path = request.url.split("?", 1)[0] ?? "";
  return !MACHINE_PATHS.test(path) && !FILE_PATH.test(path);
}

/** The last two are what Vite serves while the page is being worked on. */
const MACHINE_PATHS = /^\/(api|trpc|health|metrics|assets|images|@[^/]*|__[^/]*)(\/|$)/;

/** The last part has an extension. */
const FILE_PATH = /\.[^/]*$/;

function sendIndex(reply: FastifyReply): FastifyReply {
  return reply.sendFile("index.html", { cacheControl: false });
}
