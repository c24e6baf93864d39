import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { pageRoutes } from "./page.ts";

async function startPage() {
  const folder = await mkdtemp(join(tmpdir(), "doorbuster-page-"));
  await writeFile(join(folder, "index.html"), "<!doctype html><title>Doorbuster</title>");
  const app = Fastify();
  await pageRoutes(app, { folder });
  return {
    ask: async (
      url: string,
      { method = "GET", accept = "*/*" }: { method?: "GET" | "HEAD" | "POST"; accept?: string } = {},
    ) => {
      const { statusCode, headers } = await app.inject({ method, url, headers: { accept } });
      return [statusCode, String(headers["content-type"]).split(";", 1)[0]];
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ROUTES = [
  "/",
  "/console",
  "/console/sales",
  "/purchases",
  "/wallet",
  "/sign-in?from=%2Fa.b",
  "/sign-up",
  "/sales/7",
];
const NO_ROUTES = ["/api", "/api/nothing", "/health/x", "/assets/x", "/nothing.js", "/a/b.png?x=1", "/.env"];

it("opens each of the page's routes, whatever its caller accepts", async () => {
  await using page = await startPage();
  for (const url of ROUTES) {
    for (const accept of ["*/*", "text/html,*/*;q=0.8", "application/json", ""]) {
      expect([url, accept, await page.ask(url, { accept })]).toEqual([url, accept, [200, "text/html"]]);
    }
    expect([url, await page.ask(url, { method: "HEAD" })]).toEqual([url, [200, "text/html"]]);
  }
});

it("says of everything else that it is not there, whatever its caller accepts", async () => {
  await using page = await startPage();
  for (const url of NO_ROUTES) {
    for (const accept of ["*/*", "text/html"]) {
      expect([url, await page.ask(url, { accept })]).toEqual([url, [404, "application/problem+json"]]);
    }
  }
  expect(await page.ask("/trpc/nothing")).toEqual([404, "application/json"]);
  expect(await page.ask("/console", { method: "POST" })).toEqual([404, "application/problem+json"]);
});
