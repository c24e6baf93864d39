import { readFile } from "node:fs/promises";
import type { FastifyInstance } from "fastify";
import { otherMethods } from "../other-methods.ts";
import { PAGE_HEADERS } from "../security-headers.ts";
import { docsPage } from "./docs-page.ts";
import { openApiDocument } from "./document.ts";

/**
 * `/openapi.json` describes the REST routes for programs, `/docs` the same for people. The page is ready to be read as it
 * comes: no script, and nothing from another origin. Both are made when somebody asks for the first time.
 */
export async function docsRoutes(app: FastifyInstance): Promise<void> {
  const json = once(async () => JSON.stringify(openApiDocument()));
  const page = once(async () => docsPage(openApiDocument()));
  const style = once(() => readFile(new URL("./docs.css", import.meta.url), "utf8"));
  const files = [
    { url: "/openapi.json", type: "application/json; charset=utf-8", read: json },
    { url: "/docs", type: "text/html; charset=utf-8", read: page },
    { url: "/docs/docs.css", type: "text/css; charset=utf-8", read: style },
  ];
  for (const { url, type, read } of files) {
    app.get(url, async (_request, reply) => {
      // Asked for again each time, so that a newer shop is described as it is.
      reply.headers(PAGE_HEADERS).header("cache-control", "no-cache").type(type);
      return read();
    });
    otherMethods(app, url, ["GET"]);
  }
}

function once(make: () => Promise<string>): () => Promise<string> {
  let made: Promise<string> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
