import Fastify from "fastify";
import { expect, it } from "vitest";
import { PAGE_HEADERS, REBUILDING_PAGE_HEADERS, securityHeaders } from "./security-headers.ts";
import { tellTls } from "./trusted-proxies.ts";

async function headersOf(publicUrl: string): Promise<Record<string, unknown>> {
  const app = Fastify({ genReqId: () => "request-0001" });
  tellTls(app, new URL(publicUrl));
  securityHeaders(app);
  app.get("/", (_request, reply) => reply.code(204).send());
  const { headers } = await app.inject("/");
  const { date: _date, connection: _connection, ...rest } = headers;
  return rest;
}

it("gives every answer what a program's needs, and no more", async () => {
  const always = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-request-id": "request-0001",
  };
  expect(await headersOf("http://shop.example")).toEqual(always);
  expect(await headersOf("https://shop.example")).toEqual({
    ...always,
    "strict-transport-security": "max-age=63072000; includeSubDomains",
  });
});

it("lets a browser trust nothing on the page but what the shop itself sends, and Vite work while it is being worked on", () => {
  expect(PAGE_HEADERS).toEqual({
    "content-security-policy":
      "default-src 'self';script-src 'self';script-src-attr 'none';style-src 'self';img-src 'self' data:;" +
      "font-src 'self';connect-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
  });
  expect(REBUILDING_PAGE_HEADERS["content-security-policy"]).toBe(
    PAGE_HEADERS["content-security-policy"]
      .replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
      .replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
      .replace("connect-src 'self'", "connect-src 'self' ws:"),
  );
});
