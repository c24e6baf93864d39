import type { FastifyInstance, FastifyRequest } from "fastify";

/**
 * Lets pages of these origins call the shop from a browser, with bearer tokens: exactly these, each told by name. They
 * have no cookies: one that is sent is not looked at, and none is set, so what such a page asks for is asked by whoever's
 * token it has and by nobody else. Without any there is no header of CORS, and a browser shows no other page an answer.
 */
export function allowOrigins(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  app.addHook("onRequest", (request, reply, done) => {
    const origin = allowedOrigin(request, origins);
    if (origin === undefined) return done();
    delete request.raw.headers.cookie;
    reply.headers({ "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED });
    const isPreflight = request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
    if (!isPreflight) return done();
    reply
      .code(204)
      .headers({
        "access-control-allow-methods": "GET, HEAD, POST",
        "access-control-allow-headers": TAKEN,
        "access-control-max-age": PREFLIGHT_SECONDS,
        vary: "origin",
      })
      .send();
  });
  app.addHook("onSend", (request, reply, payload, done) => {
    // What is kept for one origin's page is not another's.
    const vary = reply.getHeader("vary");
    reply.header("vary", vary === undefined || vary === "origin" ? "origin" : `${vary}, origin`);
    if (allowedOrigin(request, origins) !== undefined) reply.removeHeader("set-cookie");
    done(null, payload);
  });
}

/** The origin of a page that is not the shop's own and that may call it. */
export function allowedOrigin({ headers }: FastifyRequest, origins: readonly string[]): string | undefined {
  const { origin } = headers;
  return origin !== undefined && headers["sec-fetch-site"] !== "same-origin" && origins.includes(origin)
    ? origin
    : undefined;
}

/** What the SDK and `docs/api.md` know of. */
const TAKEN = "authorization, content-type, idempotency-key, last-event-id, traceparent, trpc-accept, x-user-id";
const EXPOSED = "date, idempotency-replayed, retry-after, www-authenticate, x-request-id";

/** Chromium asks again after two hours, whatever is said. */
const PREFLIGHT_SECONDS = 7_200;
