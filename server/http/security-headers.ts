import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

/**
 * What every answer has: nobody guesses its type or keeps it (files of the page say themselves how long), and it can be
 * found in the log. A program's answer has nothing more, so that a purchase's fits into a packet.
 */
export function securityHeaders(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    headersOfAll(request, reply);
    // Only behind TLS: a browser that once saw it on localhost would refuse to speak HTTP with it.
    if (request.isSecure) reply.header("strict-transport-security", HSTS);
    done();
  });
}

/** Hooks do not run for an address that Fastify cannot read. */
export function headersOfAll(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.headers(OF_ALL).header("x-request-id", request.id);
}

const OF_ALL = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** Two years. */
const HSTS = "max-age=63072000; includeSubDomains";

const POLICY = {
  "default-src": "'self'",
  "script-src": "'self'",
  "script-src-attr": "'none'",
  "style-src": "'self'",
  // Pictures that a style draws by itself, such as the arrow of a select.
  "img-src": "'self' data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "object-src": "'none'",
  "base-uri": "'none'",
  "form-action": "'self'",
  "frame-ancestors": "'none'",
};

/**
 * Of whatever a browser opens, shows or runs: it keeps it from doing what the page never does, such as to run inline
 * scripts, to load from elsewhere or to be framed.
 */
export const PAGE_HEADERS = pageHeaders(POLICY);

/** Vite's development server puts scripts and styles into the page itself. */
export const REBUILDING_PAGE_HEADERS = pageHeaders({
  ...POLICY,
  "script-src": "'self' 'unsafe-inline'",
  "style-src": "'self' 'unsafe-inline'",
  "connect-src": "'self' ws:",
});

function pageHeaders(policy: Record<string, string>) {
  return {
    "content-security-policy": Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join(";"),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
  };
}
