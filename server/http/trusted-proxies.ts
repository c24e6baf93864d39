import type { IncomingHttpHeaders } from "node:http";
import type { FastifyInstance } from "fastify";
import { plainAddress } from "../settings/addresses.ts";
import type { TrustProxy } from "../settings/config.ts";
import { isUsableHost } from "./read-one-way.ts";

/**
 * Whom Fastify believes (`trustProxy`). Each proxy appends the address that it saw to `X-Forwarded-For`. So the list is
 * read from the right, up to the first address that is not trusted: what stands left of it is whatever the caller liked
 * to send.
 */
export function proxyTrust(setting: TrustProxy): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof setting === "object") return [...setting];
  // As a number, Fastify would trust nobody.
  return setting !== false && ((_address, hop) => hop < setting);
}

/**
 * Leaves in `X-Forwarded-…` what means something, so that `request.ip`, `host` and `protocol` are right wherever they
 * are read: addresses without ports, up to the first entry that is none, and the nearest proxy's scheme and host.
 */
export function readForwarded(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const { headers } = request.raw;
    replace(headers, "x-forwarded-for", addressesOf);
    replace(headers, "x-forwarded-proto", (text) => lastOf(text, isScheme));
    replace(headers, "x-forwarded-host", (text) => lastOf(text, isUsableHost));
    done();
  });
}

function replace(headers: IncomingHttpHeaders, name: string, read: (text: string) => string): void {
  const text = headers[name];
  if (typeof text !== "string") return;
  const meant = read(text);
  if (meant === "") delete headers[name];
  else headers[name] = meant;
}

function addressesOf(text: string): string {
  const addresses: string[] = [];
  for (const entry of text.split(",").slice(-ADDRESSES_MAX).reverse()) {
    const address = plainAddress(entry);
    if (address === undefined) break;
    addresses.unshift(address);
  }
  return addresses.join(", ");
}

/** As many proxies as `TRUST_PROXY` can name, and the caller. */
const ADDRESSES_MAX = 10;

function lastOf(text: string, isGood: (entry: string) => boolean): string {
  const last = text.slice(text.lastIndexOf(",") + 1).trim();
  return isGood(last) ? last : "";
}

function isScheme(text: string): boolean {
  return text === "http" || text === "https";
}

declare module "fastify" {
  interface FastifyRequest {
    /** Whether the browser came over TLS: it was told so by a trusted proxy, or the shop has an https address only. */
    readonly isSecure: boolean;
  }
}

/** Lets each request know whether its browser came over TLS. */
export function tellTls(app: FastifyInstance, publicUrl: URL | undefined): void {
  const always = publicUrl?.protocol === "https:";
  app.decorateRequest("isSecure", {
    getter() {
      return always || this.protocol === "https";
    },
  });
}
