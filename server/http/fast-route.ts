import type { AnyTRPCProcedure, AnyTRPCRouter } from "@trpc/server";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import { answerCall, type Called } from "./answer-call.ts";
import { answerFault } from "./answer-fault.ts";
import type { ContextOf } from "./context.ts";
import { plainInput } from "./plain-call.ts";
import { procedureRunner } from "./run-procedure.ts";
import type { ProcedureMeta } from "./trpc.ts";

/**
 * Answers plain calls (`plain-call.ts`) of queries and mutations in place of tRPC's adapter, which builds a fetch Request
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
      ...(meta?.bodyBytesMax && { bodyLimit: meta.bodyBytesMax, onRequest: signedIn }),
      handler(request, reply) {
        const input = plainInput(request, url);
        if (input === undefined) return adapter(request, reply, path);
        answerCall(called, input, { contextOf, request, reply }).catch((error) => answerFault(request, reply, error));
      },
    });
  }

  /** Before a large body is read. */
  async function signedIn(request: FastifyRequest): Promise<void> {
    const { actor } = await contextOf(request);
    if (!actor) throw new Fault("UNAUTHENTICATED");
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
