import type { AnyTRPCProcedure, AnyTRPCRouter } from "@trpc/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerCall, type Called } from "./answer-call.ts";
import { answerFault } from "./answer-fault.ts";
import { type ContextOf, signedIn } from "./context.ts";
import { procedureRunner } from "./run-procedure.ts";
import { scopeOf } from "./scope-of.ts";
import type { ProcedureMeta } from "./trpc.ts";

/**
 * Answers plain calls (`plainInput`) of queries and mutations in place of tRPC's adapter, which builds a fetch Request
 * and streams the answer of each: a route for each procedure that calls it as the adapter does and answers in the same
 * words. Whatever is not plain goes to `adapter`.
 */
export function fastRoute(app: FastifyInstance, { router, contextOf, adapter }: FastRouteOptions): void {
  const procedures = Object.entries(router._def.procedures as Record<string, AnyTRPCProcedure>);
  for (const [path, procedure] of procedures) {
    const { type, meta } = procedure._def as { type: Called["type"]; meta?: ProcedureMeta };
    const method = METHODS[type];
    if (method === undefined || !PLAIN_PATH.test(path)) continue;
    const called = { config: router._def._config, run: procedureRunner(procedure), path, type };
    const url = `${app.prefix}/${path}`;
    app.route({
      method,
      url: `/${path}`,
      // HEAD is the adapter's.
      exposeHeadRoute: false,
      // Before a large body is read.
      ...(meta?.bodyBytesMax && {
        bodyLimit: meta.bodyBytesMax,
        onRequest: async (request) => void signedIn(await contextOf(request), scopeOf({ path, type })),
      }),
      handler(request, reply) {
        const input = plainInput(request, url);
        if (input === undefined) return adapter(request, reply, path);
        answerCall(called, input, { contextOf, request, reply }).catch((error) => answerFault(request, reply, error));
      },
    });
  }
}

export interface FastRouteOptions {
  readonly router: AnyTRPCRouter;
  readonly contextOf: ContextOf;
  readonly adapter: (request: FastifyRequest, reply: FastifyReply, path: string) => Promise<void>;
}

const METHODS: Partial<Record<string, "GET" | "POST">> = { query: "GET", mutation: "POST" };

/** Characters that stand for themselves in an address and in Fastify's routes. */
const PLAIN_PATH = /^[\w.]+$/;

/**
 * The input of a plain call, as JSON text, empty where a query has none: one procedure by its exact address, the input
 * of a query in `?input=` and nothing else there, that of a mutation as JSON in the body, nothing streamed.
 *
 * Undefined for every other call, and for whatever could be read in two ways: tRPC's own adapter answers those.
 *
 * @param url the address of the procedure, without a query
 */
function plainInput(request: FastifyRequest, url: string): string | undefined {
  const { headers } = request;
  if (headers["trpc-accept"] !== undefined || headers.accept?.includes("jsonl")) return undefined;
  const contentType = headers["content-type"];
  if (request.method === "GET") {
    if (contentType !== undefined && contentType !== "application/json") return undefined;
    return request.url === url ? "" : inputOfQuery(request.url, url);
  }
  const { body } = request;
  if (request.url !== url || contentType !== "application/json") return undefined;
  // The adapter has words of its own for an empty body.
  return typeof body === "string" && body !== "" ? body : undefined;
}

function inputOfQuery(requestUrl: string, url: string): string | undefined {
  if (!requestUrl.startsWith(INPUT, url.length) || !requestUrl.startsWith(url)) return undefined;
  const encoded = requestUrl.slice(url.length + INPUT.length);
  if (encoded === "" || READ_IN_TWO_WAYS.test(encoded)) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

const INPUT = "?input=";

/** Another parameter, a fragment, and a space in the form of HTML. */
const READ_IN_TWO_WAYS = /[&#+]/;
