import type { FastifyInstance } from "fastify";

/**
 * Headers that keep a browser from doing what the page never does: run inline scripts, load from elsewhere, be framed,
 * guess types. They are the same for every answer, so they are put together once.
 */
export function securityHeaders(app: FastifyInstance, { isRebuilding }: SecurityOptions): void {
  const headers = { ...HEADERS, "content-security-policy": policy(isRebuilding ? REBUILDING : STRICT) };
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(headers).header("x-request-id", request.id);
    // Only behind TLS: a browser that once saw it on localhost would refuse to speak HTTP with it.
    if (request.isSecure) reply.header("strict-transport-security", HSTS);
    done();
  });
}

export interface SecurityOptions {
  /** Vite's development server puts scripts and styles into the page itself. */
  readonly isRebuilding: boolean;
}

const HEADERS = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "origin-agent-cluster": "?1",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-dns-prefetch-control": "off",
  "x-download-options": "noopen",
  "x-frame-options": "DENY",
  "x-permitted-cross-domain-policies": "none",
  // Off: the filter of old browsers could itself be misused.
  "x-xss-protection": "0",
};

const STRICT = {
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

const REBUILDING = {
  ...STRICT,
  "script-src": "'self' 'unsafe-inline'",
  "style-src": "'self' 'unsafe-inline'",
  "connect-src": "'self' ws:",
};

function policy(directives: Record<string, string>): string {
  return Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join(";");
}

/** Two years. */
const HSTS = "max-age=63072000; includeSubDomains";
