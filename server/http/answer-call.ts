import { type AnyTRPCRouter, getTRPCErrorFromUnknown, getTRPCErrorShape, TRPCError } from "@trpc/server";
import { getHTTPStatusCode } from "@trpc/server/http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { logFault } from "./answer-fault.ts";
import type { ContextOf, RequestContext } from "./context.ts";
import { allowHeader, retryAfterHeader, toFault } from "./faults.ts";
import type { ProcedureCall, RunProcedure } from "./run-procedure.ts";

/**
 * Calls a procedure and answers what it returns or throws, step by step as `resolveResponse` of tRPC does for a single
 * call; `fast-route.test.ts` holds the two together. A procedure gets no signal that its caller has left: none of ours
 * would stop half-way.
 *
 * @param input JSON text; empty for none
 * @throws what finding out who is asking throws: that is no answer of the procedure
 */
export async function answerCall(
  called: Called,
  input: string,
  { contextOf, request, reply }: Exchange,
): Promise<void> {
  const { path, type } = called;
  const context = contextOf(request);
  const ctx = context instanceof Promise ? await context : context;
  let read: unknown;
  let data: unknown;
  try {
    data = await called.run({
      path,
      ctx,
      type,
      signal: undefined,
      batchIndex: 0,
      getRawInput: async () => {
        read = readInput(called, input);
        return read;
      },
    });
  } catch (cause) {
    return sendError(called, cause, { ctx, path, input: read }, { request, reply });
  }
  let body: string;
  try {
    if (isStreamed(data)) throw new TRPCError({ code: "UNSUPPORTED_MEDIA_TYPE" });
    body = JSON.stringify({ result: { data: called.config.transformer.output.serialize(data) } });
  } catch (cause) {
    // An answer that cannot be written: the adapter names no path either.
    return sendError(called, cause, { ctx, path: undefined, input: undefined }, { request, reply });
  }
  send(reply, 200, body);
}

/** A procedure of the router. */
export interface Called {
  readonly config: AnyTRPCRouter["_def"]["_config"];
  readonly run: RunProcedure;
  readonly path: string;
  readonly type: ProcedureCall["type"];
}

interface Exchange {
  readonly contextOf: ContextOf;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

function readInput({ config }: Called, text: string): unknown {
  if (text === "") return undefined;
  try {
    return config.transformer.input.deserialize(JSON.parse(text));
  } catch (cause) {
    throw new TRPCError({ code: "BAD_REQUEST", cause });
  }
}

function sendError(
  { config, type }: Called,
  cause: unknown,
  about: { ctx: RequestContext; path: string | undefined; input: unknown },
  { request, reply }: Pick<Exchange, "request" | "reply">,
): void {
  const error = getTRPCErrorFromUnknown(cause);
  logFault(request, toFault(error));
  const shape = getTRPCErrorShape({ config, error, type, ...about });
  reply.headers({ ...allowHeader(reply.request, [error]), ...retryAfterHeader([error]) });
  send(
    reply,
    getHTTPStatusCode({ error: shape }),
    JSON.stringify({ error: config.transformer.output.serialize(shape) }),
  );
}

function send(reply: FastifyReply, status: number, body: string): void {
  reply.code(status).header("vary", "trpc-accept, accept").header("content-type", "application/json");
  // Sent as it is. Without a serializer Fastify would add a charset to the type.
  reply.serializer(asItIs).send(body);
}

function asItIs(text: string): string {
  return text;
}

/** Whether it comes later or bit by bit, which takes a link that streams. */
function isStreamed(data: unknown): boolean {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return false;
  return isIterated(data) || Object.values(data).some((value) => value instanceof Promise || isIterated(value));
}

function isIterated(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Symbol.asyncIterator in value;
}
