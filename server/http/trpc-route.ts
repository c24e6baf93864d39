import type { AnyTRPCRouter } from "@trpc/server";
import { fastifyRequestHandler } from "@trpc/server/adapters/fastify";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { registerWatchRoute } from "../sales/live/route.ts";
import type { Services } from "../services.ts";
import { logFault } from "./answer-fault.ts";
import { retryAfterSeconds, toFault } from "./faults.ts";
import { otherMethods } from "./other-methods.ts";
import { requestContext } from "./request-context.ts";

/** The calls that one batch may hold: a page asks for three or four things at once. */
const BATCH_CALLS_MAX = 20;

/**
 * Mounts tRPC at /trpc: queries and subscriptions by GET, mutations by POST with JSON. What can be refused without
 * reading the body is refused before any work.
 */
export async function trpcRoute(app: FastifyInstance, { router, services }: TrpcRouteOptions): Promise<void> {
  app.removeAllContentTypeParsers();
  // tRPC parses the text itself.
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => done(null, body));
  app.addHook("onRequest", async (request) => refuseMisfit(request));
  registerWatchRoute(app, services);
  app.route<{ Params: { path: string } }>({
    method: ["GET", "POST"],
    url: "/:path",
    handler: async (request, reply) => {
      const context = await requestContext(services, request, callsOf(request));
      await fastifyRequestHandler({
        router,
        path: request.params.path,
        req: request,
        res: reply,
        createContext: () => context,
        maxBatchSize: BATCH_CALLS_MAX,
        onError: ({ error }) => logFault(request, toFault(error)),
        responseMeta: ({ errors }) => ({ headers: retryAfterHeader(errors) }),
      });
    },
  });
  otherMethods(app, "/:path", ["GET", "POST"]);
}

export interface TrpcRouteOptions {
  readonly router: AnyTRPCRouter;
  readonly services: Services;
}

function refuseMisfit(request: FastifyRequest): void {
  if (callsOf(request) > BATCH_CALLS_MAX) {
    throw new Fault("INVALID_INPUT", `A batch may hold ${BATCH_CALLS_MAX} calls.`);
  }
  if (request.method === "POST" && request.headers["content-type"] === undefined)
    throw new Fault("UNSUPPORTED_MEDIA_TYPE");
}

function callsOf(request: FastifyRequest): number {
  const query = request.query as Record<string, unknown>;
  if (query.batch === undefined) return 1;
  const { path = "" } = request.params as { path?: string };
  return path.split(",").length;
}

function retryAfterHeader(errors: readonly Error[]): Record<string, string> {
  const seconds = errors.map((error) => retryAfterSeconds(toFault(error)) ?? 0);
  const longest = Math.max(0, ...seconds);
  return longest > 0 ? { "retry-after": String(longest) } : {};
}
