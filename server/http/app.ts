import type { AnyTRPCRouter } from "@trpc/server";
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import type { Logger } from "pino";
import { FAULTS } from "../../shared/faults.ts";
import type { Auth } from "../accounts/auth.ts";
import type { CredentialSigner } from "../accounts/credential.ts";
import { accountRoutes } from "../accounts/routes.ts";
import { orderRoutes } from "../orders/rest.ts";
import { purchaseRoutes } from "../purchases/rest.ts";
import type { Services } from "../services.ts";
import type { Config } from "../settings/config.ts";
import { taskRoutes } from "../tasks/rest.ts";
import { answerFault } from "./answer-fault.ts";
import { answerClientError } from "./client-error.ts";
import { compressAnswer } from "./compress-answer.ts";
import { limitConnections } from "./connection-limit.ts";
import { toFault } from "./faults.ts";
import { healthRoutes } from "./health.ts";
import { type MetricsOptions, metricsRoute } from "./metrics.ts";
import { onlyJson } from "./only-json.ts";
import { docsRoutes } from "./openapi/routes.ts";
import { pageRoutes } from "./page.ts";
import { readOneWay } from "./read-one-way.ts";
import { drawTokens } from "./request-context.ts";
import { requestIdOf } from "./request-id.ts";
import { RequestLog } from "./request-log.ts";
import { onlyFromSameOrigin } from "./same-origin.ts";
import { headersOfAll, securityHeaders } from "./security-headers.ts";
import { tellTls } from "./tell-tls.ts";
import { trpcRoute } from "./trpc-route.ts";
import { proxyTrust, readForwarded } from "./trusted-proxies.ts";

/** Puts everything that is spoken over HTTP together. Does not listen yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, services, auth, signer, router, logger, isDraining, metrics, timeouts = TIMEOUTS } = options;
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    logController: new RequestLog(logger),
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
  metrics?.httpHooks(app);
  // What cannot be understood takes work too, and comes before the limits of what it asks for.
  app.setErrorHandler(async (error, request, reply) => {
    const isMisfit = MISFITS.has(FAULTS[toFault(error).code].status);
    const refusal = isMisfit && drawTokens(services, request, undefined);
    return answerFault(request, reply, refusal ? await refusal.catch((refused: unknown) => refused) : error);
  });
  securityHeaders(app);
  readOneWay(app);
  onlyFromSameOrigin(app, config.publicUrl);
  limitConnections(app);
  // Also for a request that came before, so that its connection is not left open behind its answer.
  app.addHook("onSend", (request, reply, payload, done) => {
    if (isDraining()) reply.header("connection", "close");
    done(null, compressAnswer(request, reply, payload));
  });
  onlyJson(app);
  await app.register(healthRoutes, { database: services.database, isDraining });
  if (metrics) await app.register(metricsRoute, metrics);
  await app.register(trpcRoute, { prefix: "/trpc", router, services, withFastRoute: options.withFastRoute });
  const isTlsExpected = config.mode === "production" && config.trustProxy !== false;
  await app.register(accountRoutes, { services, auth, signer, limits: config.limits, isTlsExpected });
  await app.register(purchaseRoutes, { services });
  await app.register(orderRoutes, { services });
  await app.register(taskRoutes, { services });
  await app.register(docsRoutes);
  if (options.addPage) await options.addPage(app);
  else await pageRoutes(app, { folder: options.pageFolder });
  return app;
}

export interface AppOptions {
  readonly config: Pick<Config, "mode" | "publicUrl" | "trustProxy" | "limits">;
  readonly services: Services;
  readonly auth: Auth;
  readonly signer: CredentialSigner;
  readonly router: AnyTRPCRouter;
  readonly logger: Logger;
  readonly isDraining: () => boolean;
  /** What the process measures, and who may see it. Absent: `/metrics` is not there. */
  readonly metrics?: AppMetrics | undefined;
  /** Whether plain tRPC calls take the fast route rather than tRPC's adapter. Default: yes. */
  readonly withFastRoute?: boolean | undefined;
  /** Default: `TIMEOUTS`. */
  readonly timeouts?: Timeouts | undefined;
  /** Where the built page is. */
  readonly pageFolder?: string | undefined;
  /** Serves the page in another way: while it is being worked on. */
  readonly addPage?: ((app: FastifyInstance) => Promise<void>) | undefined;
}

/** Counts all requests, and tells whoever shows the token. */
export interface AppMetrics extends MetricsOptions {
  /** To be called before any route is registered. */
  readonly httpHooks: (app: FastifyInstance) => void;
}

const BODY_BYTES_MAX = 64 * 1024;

/** Not to be read, too large, or of another kind than JSON. */
const MISFITS: ReadonlySet<number> = new Set([400, 413, 415]);

interface Timeouts {
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
