import type { FastifyInstance, FastifyRequest } from "fastify";
import { allowedOrigin } from "./cors.ts";
import { SecurityFault } from "./security-log.ts";

/**
 * Refuses requests that another site's page makes a browser send: those that may change something and do not prove
 * themselves by a bearer token, which no browser adds on its own. Browsers say where such a request comes from; a program
 * that says nothing is not a browser.
 *
 * `Sec-Fetch-Site` says it best: the browser itself has compared. Old browsers do not send it, and others only over https
 * and to localhost; then `Origin` is compared with the host that was called, without the scheme, which behind a proxy only
 * the browser knows. Where the shop's own origin is known (`PUBLIC_URL`), no other is taken at all: a name that somebody
 * else has made lead here is none of ours.
 */
export function onlyFromSameOrigin(
  app: FastifyInstance,
  { publicUrl, allowedOrigins }: { publicUrl: URL | undefined; allowedOrigins: readonly string[] },
): void {
  app.addHook("onRequest", (request, _reply, done) => {
    // It has no cookies (`cors.ts`), so it can do nothing in anybody's name.
    if (allowedOrigin(request, allowedOrigins) !== undefined) return done();
    const refused = foreignOrigin(request, publicUrl);
    if (!refused) return done();
    const { message, origin, expected } = refused;
    const details =
      origin === undefined
        ? {}
        : {
            origin: origin.slice(0, ORIGIN_LENGTH_MAX),
            expected: expected?.slice(0, ORIGIN_LENGTH_MAX),
            advice: ADVICE,
          };
    done(new SecurityFault("FOREIGN_ORIGIN", details, { code: "FORBIDDEN", message }));
  });
}

function foreignOrigin(request: FastifyRequest, publicUrl: URL | undefined): Refusal | undefined {
  if (SAFE_METHODS.has(request.method)) return undefined;
  const { authorization, origin, "sec-fetch-site": site } = request.headers;
  // It goes before a cookie, also when it is of no use (`credentialOf`).
  if (authorization !== undefined) return undefined;
  if (site !== undefined && site !== "same-origin" && site !== "none") return { message: ANOTHER_SITE };
  if (origin === undefined) return undefined;
  if (publicUrl) {
    const { origin: expected } = publicUrl;
    if (origin === expected) return undefined;
    return { message: `This shop is at ${expected}: please open it there.`, origin, expected };
  }
  if (site === "same-origin" || isHost(request.host, origin)) return undefined;
  return { message: UNKNOWN_ADDRESS, origin, expected: request.host };
}

/** The words are for the person at a page that a proxy shows at another address; another site's page cannot read them. */
interface Refusal {
  readonly message: string;
  /** Present where a proxy or a setting may be to blame. */
  readonly origin?: string;
  /** The origin that is set, or the host that the request was sent to. */
  readonly expected?: string;
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

const ANOTHER_SITE = "This request came from another site.";

const UNKNOWN_ADDRESS =
  "The shop does not know the address at which this page is open, so nothing can be done from it. Whoever runs the shop has to set PUBLIC_URL to that address.";

const ADVICE =
  "if people use this origin, set PUBLIC_URL to it, or have the proxy send Host as the browser did (nginx: proxy_set_header Host $http_host)";

/** A host has up to 253 characters; a sender may write what they like. */
const ORIGIN_LENGTH_MAX = 300;

function isHost(host: string, origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  const called = `${protocol}//${host}`;
  return originHost !== "" && URL.canParse(called) && new URL(called).host === originHost;
}
