import type { FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";

/**
 * Refuses requests that another site's page makes a browser send: those that may change something and do not prove
 * themselves by a bearer token, which no browser adds on its own. Browsers say where such a request comes from
 * (`Sec-Fetch-Site`, `Origin`); a program that says neither is not a browser.
 *
 * @throws Fault FORBIDDEN
 */
export function refuseForeignOrigin(request: FastifyRequest, publicUrl: URL | undefined): void {
  if (SAFE_METHODS.has(request.method)) return;
  const { authorization, origin, "sec-fetch-site": site } = request.headers;
  // It goes before a cookie, also when it is of no use (`credentialOf`).
  if (authorization !== undefined) return;
  const siteIsOurs = site === undefined || site === "same-origin" || site === "none";
  if (siteIsOurs && (origin === undefined || isOurs(origin, request, publicUrl))) return;
  throw new Fault("FORBIDDEN", "This request came from another site.");
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Hosts are compared without the scheme: behind a proxy that ends TLS, only the browser knows it. */
function isOurs(origin: string, request: FastifyRequest, publicUrl: URL | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host !== "" && (host === request.host || host === publicUrl?.host);
}
