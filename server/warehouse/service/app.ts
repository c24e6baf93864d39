import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import type { Logger } from "pino";
import { Fault } from "../../../shared/faults.ts";
import type { Database } from "../../database/database.ts";
import { bearerCheck } from "../../http/bearer-check.ts";
import { healthRoutes } from "../../http/health.ts";
import { onlyJson } from "../../http/only-json.ts";
import { refuseInexactUrl } from "../../http/read-one-way.ts";
import { requestIdOf, traceIdOf } from "../../http/request-ids.ts";
import { pathOf } from "../../http/request-log.ts";
import { SecurityFault } from "../../http/security-log.ts";
import { countRequests } from "../../metrics/http-metrics.ts";
import { METRICS_CONTENT_TYPE } from "../../metrics/metrics-json.ts";
import { answerProblem } from "./answer-problem.ts";
import type { Chaos } from "./chaos.ts";
import { chaosRoutes } from "./chaos-routes.ts";
import type { DispatchBatcher } from "./dispatch.ts";
import { inventoryRoutes, TAKEN_PATH } from "./inventory-routes.ts";
import type { WarehouseMetrics } from "./warehouse-metrics.ts";

/** Puts together what the warehouse speaks over HTTP. Does not listen yet. */
export async function createWarehouseApp(options: WarehouseAppOptions): Promise<FastifyInstance> {
  const { database, batcher, chaos, crash, metrics, logger, isDraining } = options;
  const app = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    // A line for each request is written below, with what a person would look for.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
    childLoggerFactory: (parent, bindings, childOptions, request) => {
      const traceId = traceIdOf(request.headers);
      return parent.child(traceId === undefined ? bindings : { ...bindings, traceId }, childOptions);
    },
    requestIdHeader: false,
    genReqId: requestIdOf,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: "idle",
    // While stopping, what still comes on open connections is served.
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void answerProblem(request, reply, error),
  });
  app.setErrorHandler((error, request, reply) => answerProblem(request, reply, error));
  app.setNotFoundHandler((request, reply) => answerProblem(request, reply, new Fault("NOT_FOUND")));
  countRequests(app, metrics.registry);
  authorize(app, options);
  app.addHook("onRequest", (request, _reply, done) => {
    refuseInexactUrl(request.url);
    done();
  });
  logRequests(app);
  app.addHook("onSend", (_request, reply, payload, done) => {
    if (isDraining()) reply.header("connection", "close");
    done(null, payload);
  });
  onlyJson(app);

  await app.register(healthRoutes, { database, isDraining });
  await app.register(chaosRoutes, { chaos });
  await app.register(inventoryRoutes, {
    database,
    batcher,
    chaos,
    crash,
    onAnswered: (operation, answer) => metrics.answered(operation, answer),
  });
  app.get(METRICS_PATH, async (_request, reply) =>
    reply
      .type(METRICS_CONTENT_TYPE)
      .header("cache-control", "no-store")
      .send(await metrics.registry.metrics()),
  );
  return app;
}

export interface WarehouseAppOptions {
  readonly database: Database;
  readonly batcher: DispatchBatcher;
  readonly chaos: Chaos;
  /** Ends the process at once. */
  readonly crash: () => void;
  readonly metrics: WarehouseMetrics;
  /** Callers have to show one of them. */
  readonly secrets: readonly string[];
  /** What opens `/metrics`; nobody is told anything where there is none. */
  readonly metricsToken: string | undefined;
  readonly logger: Logger;
  readonly isDraining: () => boolean;
}

const METRICS_PATH = "/metrics";
const HEALTH_PATH = "/health/";

/** Also where there is no route, so that a stranger learns nothing. */
function authorize(app: FastifyInstance, { secrets, metricsToken }: WarehouseAppOptions): void {
  const showsSecret = bearerCheck(...secrets);
  const showsMetricsToken = bearerCheck(metricsToken);
  app.addHook("onRequest", (request, _reply, done) => {
    const route = request.routeOptions.url;
    const mayPass = route === METRICS_PATH ? showsMetricsToken : showsSecret;
    if (!route?.startsWith(HEALTH_PATH) && !mayPass(request)) {
      const message = "The warehouse has to be shown its secret: Authorization: Bearer <secret>.";
      const event = route === METRICS_PATH ? "METRICS_REFUSED" : "WAREHOUSE_REFUSED";
      throw new SecurityFault(event, {}, { code: "UNAUTHENTICATED", message });
    }
    done();
  });
}

/** One line for each that may have changed something, or failed; who only looked is for whoever wants to see everything. */
function logRequests(app: FastifyInstance): void {
  app.addHook("onResponse", (request, reply, done) => {
    const details = {
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    const isLook = request.method === "GET" || request.routeOptions.url === TAKEN_PATH;
    const onlyLooked = isLook && reply.statusCode < 400;
    request.log[onlyLooked ? "debug" : "info"](details, "request");
    done();
  });
}

/** Routes that take more say so. */
const BODY_BYTES_MAX = 16 * 1024;

/** For the whole request to arrive. */
const REQUEST_MS_MAX = 30_000;

/** Longer than the shop keeps a connection that it does not use, so that it is the shop that closes it. */
const KEEP_ALIVE_MS = 72_000;
