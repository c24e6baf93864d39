import type { AnyTRPCRouter } from "@trpc/server";
import { fastifyRequestHandler } from "@trpc/server/adapters/fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuseInexactJson } from "../../shared/exact-json.ts";
import { Fault } from "../../shared/faults.ts";
import { logFault } from "./answer-fault.ts";
import { callsOf } from "./call-cost.ts";
import type { ContextOf } from "./context.ts";
import { fastRoute } from "./fast-route.ts";
import { allowHeader, retryAfterHeader, toFault } from "./faults.ts";
import { onlyJsonText } from "./only-json.ts";
import { otherMethods } from "./other-methods.ts";
import { answeredRequest } from "./trpc.ts";

/** The calls that one batch may hold: a page asks for three or four things at once. */
const BATCH_CALLS_MAX = 20;

/**
 * Mounts tRPC at /trpc: queries and subscriptions by GET, mutations by POST with JSON. What can be refused without
 * reading the body is refused before any work.
 */
export async function trpcRoute(app: FastifyInstance, options: TrpcRouteOptions): Promise<void> {
  const { router, contextOf, answerFirst, withFastRoute = true, blockedMsMax = BLOCKED_MS_MAX } = options;
  onlyJsonText(app);
  app.addHook("onRequest", (request, _reply, done) => {
    refuseMisfit(request);
    done();
  });
  if (withFastRoute) fastRoute(app, { router, contextOf, adapter });
  await app.register(async (rest) => {
    answerFirst?.(rest);
    rest.route<{ Params: { path: string } }>({
      // Fastify's own HEAD cannot be made of what the adapter answers.
      method: ["GET", "HEAD", "POST"],
      url: "/:path",
      handler: (request, reply) => adapter(request, reply, request.params.path),
    });
  });
  otherMethods(app, "/:path", ["GET", "POST"]);

  /** Answers any call, through tRPC's own adapter. */
  async function adapter(request: FastifyRequest, reply: FastifyReply, path: string): Promise<void> {
    const context = await contextOf(request);
    await answeredRequest.run(request.id, () =>
      fastifyRequestHandler({
        router,
        path,
        req: request,
        res: reply,
        createContext: () => context,
        maxBatchSize: BATCH_CALLS_MAX,
        onError: ({ error }) => logFault(request, toFault(error)),
        // tRPC gives no type to what it refuses before it knows which procedures are called.
        responseMeta: ({ type, errors, eagerGeneration: isStream }) => {
          // Its pings pass for as long as the other side reads.
          if (type === "subscription") reply.raw.setTimeout(blockedMsMax, () => reply.raw.destroy());
          return {
            headers: {
              ...allowHeader(request, errors),
              ...retryAfterHeader(errors),
              ...(!isStream && { "content-type": "application/json" }),
            },
          };
        },
      }),
    );
  }
}

export interface TrpcRouteOptions {
  readonly router: AnyTRPCRouter;
  readonly contextOf: ContextOf;
  /** Adds what answers calls in place of the adapter. */
  readonly answerFirst?: (app: FastifyInstance) => void;
  /** Without it tRPC's adapter answers every call: to compare the two. Default: with it. */
  readonly withFastRoute?: boolean | undefined;
  /** For how long a live stream may take nothing. Default: `BLOCKED_MS_MAX`. */
  readonly blockedMsMax?: number | undefined;
}

/** A phone that goes through a tunnel comes back; a side that has not read for so long has its connection closed. */
const BLOCKED_MS_MAX = 30_000;

function refuseMisfit(request: FastifyRequest): void {
  const { input } = request.query as Record<string, unknown>;
  if (typeof input === "string") refuseInexactJson(input);
  if (callsOf(request) > BATCH_CALLS_MAX) {
    throw new Fault("INVALID_INPUT", `A batch may hold ${BATCH_CALLS_MAX} calls.`);
  }
  if (request.method === "POST" && request.headers["content-type"] === undefined)
    throw new Fault("UNSUPPORTED_MEDIA_TYPE");
}
