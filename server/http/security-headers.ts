import helmet from "@fastify/helmet";
import type { FastifyInstance, FastifyRequest } from "fastify";

/**
 * Headers that keep a browser from doing what the page never does: run inline scripts, load from elsewhere, be framed,
 * guess types.
 */
export async function securityHeaders(app: FastifyInstance, options: SecurityOptions): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: options.isRebuilding ? REBUILDING : STRICT },
    frameguard: { action: "deny" },
    referrerPolicy: { policy: "same-origin" },
    // Only behind TLS, below: a browser that once saw it on localhost would refuse to speak HTTP with it.
    hsts: false,
  });
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
    if (options.isSecure(request)) reply.header("strict-transport-security", HSTS);
  });
}

export interface SecurityOptions {
  /** Whether the browser came over TLS. */
  readonly isSecure: (request: FastifyRequest) => boolean;
  /** Vite's development server puts scripts and styles into the page itself. */
  readonly isRebuilding: boolean;
}

const NONE = ["'none'"];
const SELF = ["'self'"];

const STRICT = {
  defaultSrc: SELF,
  scriptSrc: SELF,
  scriptSrcAttr: NONE,
  styleSrc: SELF,
  // Pictures that a style draws by itself, such as the arrow of a select.
  imgSrc: ["'self'", "data:"],
  fontSrc: SELF,
  connectSrc: SELF,
  objectSrc: NONE,
  baseUri: NONE,
  formAction: SELF,
  frameAncestors: NONE,
};

const REBUILDING = {
  ...STRICT,
  scriptSrc: ["'self'", "'unsafe-inline'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  connectSrc: ["'self'", "ws:"],
};

/** Two years. */
const HSTS = "max-age=63072000; includeSubDomains";
