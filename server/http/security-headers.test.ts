import Fastify from "fastify";
import { expect, it } from "vitest";
import { securityHeaders } from "./security-headers.ts";
import { tellTls } from "./tell-tls.ts";

async function headersOf(options: { isSecure: boolean; isRebuilding: boolean }): Promise<Record<string, unknown>> {
  const app = Fastify({ genReqId: () => "request-0001" });
  tellTls(app, new URL(options.isSecure ? "https://shop.example" : "http://shop.example"));
  securityHeaders(app, { isRebuilding: options.isRebuilding });
  app.get("/", (_request, reply) => reply.code(204).send());
  const { headers } = await app.inject("/");
  const { date: _date, connection: _connection, ...rest } = headers;
  return rest;
}

const ALWAYS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  "x-request-id": "request-0001",
  "x-xss-protection": "0",
};

it("lets a browser trust nothing but what the shop itself sends", async () => {
  expect(await headersOf({ isSecure: false, isRebuilding: false })).toEqual({
    ...ALWAYS,
    "content-security-policy":
      "default-src 'self';script-src 'self';script-src-attr 'none';style-src 'self';img-src 'self' data:;" +
      "font-src 'self';connect-src 'self';object-src 'none';base-uri 'none';form-action 'self';frame-ancestors 'none'",
  });
});

it("asks for TLS behind TLS, and lets Vite work while the page is being worked on", async () => {
  expect(await headersOf({ isSecure: true, isRebuilding: true })).toEqual({
    ...ALWAYS,
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "content-security-policy":
      "default-src 'self';script-src 'self' 'unsafe-inline';script-src-attr 'none';style-src 'self' 'unsafe-inline';" +
      "img-src 'self' data:;font-src 'self';connect-src 'self' ws:;object-src 'none';base-uri 'none';" +
      "form-action 'self';frame-ancestors 'none'",
  });
});
