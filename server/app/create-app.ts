import type { AnyTRPCRouter } from "@trpc/server";
import type { FastifyInstance } from "fastify";
import type { Auth } from "../accounts/auth.ts";
import { type CredentialSigner, SESSION_COOKIE } from "../accounts/credential.ts";
import { findActor } from "../accounts/find-actor.ts";
import { accountRoutes } from "../accounts/routes.ts";
import { healthRoutes } from "../http/health.ts";
import { openApiRoutes } from "../http/openapi/routes.ts";
import { pageRoutes } from "../http/page.ts";
import { contextOfRequests } from "../http/request-context.ts";
import { createServer, type ServerOptions } from "../http/server.ts";
import { trpcRoute } from "../http/trpc-route.ts";
import { type MetricsOptions, metricsRoute } from "../metrics/route.ts";
import { orderRoutes } from "../orders/rest.ts";
import { pictureRoutes } from "../pictures/rest.ts";
import { purchaseRoutes } from "../purchases/rest.ts";
import { exportRoutes } from "../record/rest.ts";
import { registerWatchRoute } from "../sales/live/route.ts";
import type { Config } from "../settings/config.ts";
import { taskRoutes } from "../tasks/rest.ts";
import { createRouter } from "./router.ts";
import type { Services } from "./services.ts";

/** Puts everything that the shop speaks over HTTP together. Does not listen yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const { config, services, auth, signer, logger, isDraining, metrics } = options;
  const { limits } = services;
  const actorOf = findActor(services.sessions);
  const contextOf = contextOfRequests(actorOf, limits);
  const addHooks = metrics?.httpHooks;
  const app = createServer({ config, limits, logger, isDraining, isOfCrowd: isPurchase, addHooks });
  openApiRoutes(app, { sessionCookie: SESSION_COOKIE });
  await app.register(healthRoutes, { database: services.database, isDraining });
  if (metrics) await app.register(metricsRoute, metrics);
  await app.register(trpcRoute, {
    prefix: "/trpc",
    router: (options.createRouter ?? createRouter)(services),
    contextOf,
    answerFirst: (rest) => registerWatchRoute(rest, { actorOf, limits, liveSales: services.liveSales }),
    withFastRoute: options.withFastRoute,
  });
  const isTlsExpected = config.mode === "production" && config.trustProxy !== false;
  await app.register(accountRoutes, { services, auth, signer, limits: config.limits, isTlsExpected });
  await app.register(purchaseRoutes, { services, contextOf });
  await app.register(orderRoutes, { services, contextOf });
  await app.register(pictureRoutes, { services, contextOf });
  await app.register(taskRoutes, { services, contextOf });
  await app.register(exportRoutes, { services, contextOf });
  if (options.addPage) await options.addPage(app);
  else await pageRoutes(app, { folder: options.pageFolder });
  return app;
}

export interface AppOptions extends Pick<ServerOptions, "logger" | "isDraining"> {
  readonly config: Pick<Config, "mode" | "publicUrl" | "allowedOrigins" | "trustProxy" | "limits">;
  readonly services: Services;
  readonly auth: Auth;
  readonly signer: CredentialSigner;
  /** Default: the shop's own. */
  readonly createRouter?: ((services: Services) => AnyTRPCRouter) | undefined;
  /** What the process measures, and who may see it. Absent: `/metrics` is not there. */
  readonly metrics?: (MetricsOptions & { readonly httpHooks: ServerOptions["addHooks"] }) | undefined;
  /** Whether plain tRPC calls take the fast route rather than tRPC's adapter. Default: yes. */
  readonly withFastRoute?: boolean | undefined;
  /** Where the built page is. */
  readonly pageFolder?: string | undefined;
  /** Serves the page in another way: while it is being worked on. */
  readonly addPage?: ((app: FastifyInstance) => Promise<void>) | undefined;
}

/** Each purchase has its row. */
function isPurchase(url: string): boolean {
  return PURCHASE.test(url);
}

const PURCHASE = /^\/(?:trpc\/purchases\.buy|api\/purchase\/?)(?:$|\?)/;
