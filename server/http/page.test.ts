import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { compressFiles } from "../page/compress-files.ts";
import { pageRoutes } from "./page.ts";
import { PAGE_HEADERS } from "./security-headers.ts";

const INDEX = "<!doctype html><title>Doorbuster</title>";
const SCRIPT = "document.title = 'Doorbuster';\n".repeat(100);

async function startPage() {
  const folder = await mkdtemp(join(tmpdir(), "doorbuster-page-"));
  const write = (name: string, content: string) => writeFile(join(folder, name), content);
  await mkdir(join(folder, "assets"));
  await mkdir(join(folder, "images"));
  await write("index.html", INDEX);
  await write("assets/page-1a2b.js", SCRIPT);
  await write("assets/font-3c4d.woff2", "a font ".repeat(100));
  await write("images/lamp.svg", "<svg/>");
  await write(".build.json", "{}");
  await compressFiles(folder);
  const app = Fastify();
  await pageRoutes(app, { folder });
  const request = (url: string, headers: Record<string, string> = {}, method: "GET" | "HEAD" | "POST" = "GET") =>
    app.inject({ method, url, headers });
  return {
    request,
    ask: async (
      url: string,
      { method = "GET", accept = "*/*" }: { method?: "GET" | "HEAD" | "POST"; accept?: string } = {},
    ) => {
      const { statusCode, headers } = await request(url, { accept }, method);
      return [statusCode, String(headers["content-type"]).split(";", 1)[0]];
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ROUTES =
  "/ /console /console/sales /purchases /wallet /sign-in?from=%2Fa.b /sign-up /sales/7 /sales/7. /sales/7.5 /wallet.".split(
    " ",
  );
const NO_ROUTES =
  "/api /api/nothing /health/x /assets/x /nothing.js /a/b.png?x=1 /.env /.build.json /assets /assets/ /assets/..%2f.build.json /assets/page-1a2b.js/ /assets/page-1a2b.js.br /images".split(
    " ",
  );

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
  expect(await page.ask("/assets/page-1a2b.js", { method: "POST" })).toEqual([404, "application/problem+json"]);
});

it("sends each caller the encoding that it takes, and caches that there are several", async () => {
  await using page = await startPage();
  const url = "/assets/page-1a2b.js";
  for (const [accepted, encoding, decode] of [
    ["gzip, deflate, br", "br", brotliDecompressSync],
    ["gzip", "gzip", gunzipSync],
    ["", undefined, (body: Buffer) => body],
  ] as const) {
    const { headers, rawPayload } = await page.request(url, { "accept-encoding": accepted });
    expect(headers).toMatchObject({
      "content-type": "text/javascript; charset=utf-8",
      "content-length": String(rawPayload.length),
      vary: "accept-encoding",
    });
    expect(headers["content-encoding"]).toBe(encoding);
    expect(decode(rawPayload).toString()).toBe(SCRIPT);
  }
});

it("sends what is compressed by what it is, and what is tiny, as it is", async () => {
  await using page = await startPage();
  for (const url of ["/assets/font-3c4d.woff2", "/images/lamp.svg", "/"]) {
    const { headers } = await page.request(url, { "accept-encoding": "gzip, br" });
    expect([url, headers["content-encoding"], headers.vary]).toEqual([url, undefined, undefined]);
  }
});

it("answers HEAD with the headers of GET and no body", async () => {
  await using page = await startPage();
  const headers = { "accept-encoding": "gzip" };
  const [got, head] = await Promise.all([
    page.request("/assets/page-1a2b.js", headers),
    page.request("/assets/page-1a2b.js", headers, "HEAD"),
  ]);
  expect(head.rawPayload).toHaveLength(0);
  const { date: _, ...expected } = got.headers;
  expect(head.headers).toMatchObject(expected);
});

it("lets browsers keep assets for ever and pictures for minutes, and ask for all else each time", async () => {
  await using page = await startPage();
  const caching = async (url: string) => (await page.request(url)).headers["cache-control"];
  expect(await caching("/assets/page-1a2b.js")).toBe("public, max-age=31536000, immutable");
  expect(await caching("/images/lamp.svg")).toBe("public, max-age=604800, stale-while-revalidate=2592000");
  expect(await caching("/")).toBe("no-cache");
  expect(await caching("/index.html")).toBe("no-cache");
});

it("tells browsers, with each of its files, to trust nothing else", async () => {
  await using page = await startPage();
  for (const url of ["/", "/wallet", "/assets/page-1a2b.js", "/images/lamp.svg"]) {
    expect((await page.request(url)).headers).toMatchObject(PAGE_HEADERS);
  }
});

it("sends nothing to who has it already, in whatever encoding", async () => {
  await using page = await startPage();
  for (const url of ["/", "/wallet", "/assets/page-1a2b.js"]) {
    const { headers } = await page.request(url, { "accept-encoding": "br" });
    const { etag } = headers;
    for (const known of [String(etag), `"other", ${etag}`, String(etag).replace("W/", ""), "*"]) {
      const again = await page.request(url, { "if-none-match": known });
      expect([url, known, again.statusCode, again.body]).toEqual([url, known, 304, ""]);
      expect(again.headers).toMatchObject({ etag, "cache-control": headers["cache-control"] });
      expect(again.headers.vary).toBe(headers.vary);
    }
    expect((await page.request(url, { "if-none-match": 'W/"other"' })).statusCode).toBe(200);
  }
});

it("sends all of a file to who asks for a range of it", async () => {
  await using page = await startPage();
  const { statusCode, headers, body } = await page.request("/assets/page-1a2b.js", { range: "bytes=0-9" });
  expect([statusCode, headers["accept-ranges"], body]).toEqual([200, "none", SCRIPT]);
});

it("serves no page where none was built", async () => {
  const app = Fastify();
  await pageRoutes(app, { folder: join(tmpdir(), "doorbuster-no-such-folder") });
  expect((await app.inject("/")).statusCode).toBe(404);
  await app.close();
});
