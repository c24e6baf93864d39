import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { FAULTS } from "../../shared/faults.ts";
import type { Config } from "../settings/config.ts";
import { answerClientError, answerFault } from "./answer-fault.ts";
import { compressAnswer } from "./compress-answer.ts";
import { limitConnections } from "./connection-limit.ts";
import { allowOrigins } from "./cors.ts";
import { toFault } from "./faults.ts";
import { onlyJson } from "./only-json.ts";
import type { Limits } from "./rate-limits.ts";
import { readOneWay } from "./read-one-way.ts";
import { drawTokens } from "./request-context.ts";
import { requestIdOf } from "./request-ids.ts";
import { RequestLog } from "./request-log.ts";
import { onlyFromSameOrigin } from "./same-origin.ts";
import { headersOfAll, securityHeaders } from "./security-headers.ts";
import { proxyTrust, readForwarded, tellTls } from "./trusted-proxies.ts";

/** A web server with everything that holds for all requests, and no routes yet. Does not listen. */
export function createServer(options: ServerOptions): FastifyInstance {
  const { config, limits, logger, isDraining, isOfCrowd, addHooks, timeouts = TIMEOUTS } = options;
  const app: FastifyInstance = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new RequestLog(logger, isOfCrowd),
    requestIdHeader: false,
    genReqId: requestIdOf,
    trustProxy: proxyTrust(config.trustProxy),
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: timeouts.requestMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Node's own refusal of a request without a host has none of our words.
    http: {
      requireHostHeader: false,
      headersTimeout: timeouts.headersMs,
      connectionsCheckingInterval: timeouts.checkMs,
    },
    forceCloseConnections: "idle",
    // While stopping, what still comes on open connections is served.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PATH_LENGTH_MAX, ignoreTrailingSlash: true },
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => void answerFault(request, headersOfAll(request, reply), error),
  });

  // An Expect that we do not know is passed over, as HTTP allows, so that its answer is like any other.
  app.server.on("checkExpectation", (request, response) => app.server.emit("request", request, response));
  app.decorateRequest("actor", undefined);
  tellTls(app, config.publicUrl);
  if (config.trustProxy !== false) readForwarded(app);
  addHooks?.(app);
  // What cannot be understood takes work too, and comes before the limits of what it asks for.
  app.setErrorHandler(async (error, request, reply) => {
    const isMisfit = MISFITS.has(FAULTS[toFault(error).code].status);
    const refusal = isMisfit && drawTokens(limits, request, undefined);
    return answerFault(request, reply, refusal ? await refusal.catch((refused: unknown) => refused) : error);
  });
  securityHeaders(app);
  allowOrigins(app, config.allowedOrigins);
  readOneWay(app);
  onlyFromSameOrigin(app, config);
  limitConnections(app);
  // Also for a request that came before, so that its connection is not left open behind its answer.
  app.addHook("onSend", (request, reply, payload, done) => {
    if (isDraining()) reply.header("connection", "close");
    done(null, compressAnswer(request, reply, payload));
  });
  onlyJson(app);
  return app;
}

export interface ServerOptions {
  readonly config: Pick<Config, "publicUrl" | "trustProxy" | "allowedOrigins">;
  readonly limits: Pick<Limits, "takeTokens">;
  readonly logger: Logger;
  readonly isDraining: () => boolean;
  /** Whether a request is one of so many that a line for each would cost too much. */
  readonly isOfCrowd: (url: string) => boolean;
  /** Adds hooks that run before all others. */
  readonly addHooks?: ((app: FastifyInstance) => void) | undefined;
  /** Default: `TIMEOUTS`. */
  readonly timeouts?: Timeouts | undefined;
}

const BODY_BYTES_MAX = 64 * 1024;

/** Not to be read, too large, or of another kind than JSON. */
const MISFITS: ReadonlySet<number> = new Set([400, 413, 415]);

export interface Timeouts {
  /** For the whole request to arrive; answers may take longer. */
  readonly requestMs: number;
  /** For its headers. */
  readonly headersMs: number;
  /** How often connections are looked at: one may be open for so much longer. */
  readonly checkMs: number;
}

/** Node by itself looks every 30 s, so that headers might take 40. */
const TIMEOUTS: Timeouts = { requestMs: 30_000, headersMs: 10_000, checkMs: 1_000 };

/** Longer than the idle time of the usual proxies (60 s), so that it is they who close. */
const KEEP_ALIVE_MS = 72_000;

/** Twenty procedures in one path. */
const PATH_LENGTH_MAX = 2_000;
