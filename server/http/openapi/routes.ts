import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { chooseEncoding } from "../compress-answer.ts";
import { otherMethods } from "../other-methods.ts";
import { PAGE_HEADERS } from "../security-headers.ts";
import type { DescribedRoute } from "./document.ts";
import type { Operation } from "./operation.ts";

/**
 * `/openapi.json` describes, for programs, the REST routes that are registered after this call and say what they do; `/docs`
 * shows it to people by Swagger UI. What it takes is loaded when somebody asks for the first time.
 */
export function openApiRoutes(app: FastifyInstance, options: { readonly sessionCookie: string }): void {
  const routes: DescribedRoute[] = [];
  app.addHook("onRoute", ({ url, method, config }) => {
    const { operation } = config ?? {};
    if (!operation || (method !== "GET" && method !== "POST")) return;
    const path = url.replace(/:(\w+)/g, "{$1}");
    routes.push({ method: method === "GET" ? "get" : "post", path, operation });
  });
  const document = async () => {
    const { openApiDocument } = await import("./document.ts");
    return JSON.stringify(openApiDocument(routes, options));
  };
  serve(app, { url: "/openapi.json", type: "application/json", operation: OPERATION, read: document });
  for (const { url, type, file } of PAGE) serve(app, { url, type, read: () => readFile(file, "utf8") });
}

const { resolve } = createRequire(import.meta.url);

const PAGE = [
  { url: "/docs", type: "text/html", file: join(import.meta.dirname, "docs-page/index.html") },
  { url: "/docs/start.js", type: "text/javascript", file: join(import.meta.dirname, "docs-page/start.js") },
  { url: "/docs/docs.css", type: "text/css", file: join(import.meta.dirname, "docs-page/docs.css") },
  { url: "/docs/swagger-ui.css", type: "text/css", file: resolve("swagger-ui-dist/swagger-ui.css") },
  { url: "/docs/swagger-ui-bundle.js", type: "text/javascript", file: resolve("swagger-ui-dist/swagger-ui-bundle.js") },
];

const OPERATION: Operation = {
  id: "openapi",
  tag: "Machines",
  summary: "This description, for programs",
  needs: "nothing",
  answers: { 200: { says: "An OpenAPI 3.1 document", schema: z.looseObject({ openapi: z.string() }) } },
};

interface Served {
  readonly url: string;
  readonly type: string;
  readonly operation?: Operation;
  read(): Promise<string>;
}

/** Read and compressed once, since some of it is long. */
function serve(app: FastifyInstance, { url, type, operation, read }: Served): void {
  let made: Promise<{ plain: Buffer; compressed: Buffer }> | undefined;
  const make = async () => {
    const plain = Buffer.from(await read());
    return { plain, compressed: await promisify(gzip)(plain) };
  };
  app.get(url, { config: { operation } }, async (request, reply) => {
    made ??= make();
    const { plain, compressed } = await made;
    // Asked for again each time, so that a newer shop is described as it is.
    reply.headers(PAGE_HEADERS).headers({ "cache-control": "no-cache", vary: "accept-encoding" });
    reply.type(`${type}; charset=utf-8`);
    const isGzip = chooseEncoding(request.headers["accept-encoding"], (one) => one === "gzip") === "gzip";
    return isGzip ? reply.header("content-encoding", "gzip").send(compressed) : reply.send(plain);
  });
  otherMethods(app, url, ["GET"]);
}
