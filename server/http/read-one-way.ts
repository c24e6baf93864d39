import type { FastifyInstance, FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { isUtf8 } from "../../shared/primitives.ts";

/** Refuses requests that a proxy, tRPC's adapter and the routes could read in different ways, before anything reads them. */
export function readOneWay(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    const { headers } = request;
    if (!hasOneHost(request)) return done(new Fault("INVALID_INPUT", "A request names one host."));
    refuseInexactUrl(request.url);
    const encoding = headers["content-encoding"];
    if (encoding !== undefined && encoding !== "identity") {
      reply.header("accept-encoding", "identity");
      return done(new Fault("UNSUPPORTED_MEDIA_TYPE", "Please send the body as it is, without a Content-Encoding."));
    }
    done();
  });
}

/** Node keeps the first of several; a proxy may have gone by the last. HTTP/1.0 knows requests without one. */
function hasOneHost({ raw: { rawHeaders, httpVersionMinor }, headers: { host } }: FastifyRequest): boolean {
  if (host === undefined) return httpVersionMinor === 0;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts === 1 && isUsableHost(host);
}

/**
 * Refuses an address that would be read as something else than what was sent: with bytes that are not UTF-8, which
 * become replacement characters, or that are not percent-encoded, which Node reads as Latin-1.
 *
 * @throws Fault INVALID_INPUT
 */
export function refuseInexactUrl(url: string): void {
  if (!NOT_ENCODED.test(url) && (!url.includes("%") || isUtf8(url))) return;
  throw new Fault("INVALID_INPUT", "What stands in an address is UTF-8, percent-encoded.");
}

const NOT_ENCODED = /[^\x21-\x7e]/;

/**
 * Whether a Host header can stand in an address. tRPC's adapter makes a URL of every request, and fails on one with a
 * name and a password too.
 */
export function isUsableHost(host: string | undefined): boolean {
  if (host === undefined || host === lastUsable) return true;
  if (host.includes("@") || !URL.canParse(`http://${host}`)) return false;
  lastUsable = host;
  return true;
}

/** A shop is called by one name, so it is looked at once. */
let lastUsable: string | undefined;
