import type { IncomingHttpHeaders } from "node:http";
import { BlockList, isIPv4 } from "node:net";
import type { FastifyInstance } from "fastify";
import type { TrustProxy } from "../settings/config.ts";
import { plainAddress } from "./plain-address.ts";
import { isUsableHost } from "./usable-host.ts";

/**
 * Whom Fastify asks whether an address, so many hops away, may say who came before it: its `trustProxy`.
 *
 * Each proxy appends the address that it saw to `X-Forwarded-For`. So the list is read from the right, up to the first
 * address that is not trusted: what stands left of it is whatever the caller liked to send.
 */
export function proxyTrust(setting: TrustProxy): false | ((address: string | undefined, hop: number) => boolean) {
  if (setting === false) return false;
  // Fastify's own number trusts nobody.
  if (typeof setting === "number") return (_address, hop) => hop < setting;
  const trusted = new BlockList();
  for (const network of setting) {
    const [address = "", bits] = network.split("/");
    const family = isIPv4(address) ? "ipv4" : "ipv6";
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  return (shown) => {
    const address = plainAddress(shown);
    return address !== undefined && trusted.check(address, isIPv4(address) ? "ipv4" : "ipv6");
  };
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
