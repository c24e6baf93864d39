import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Fault } from "../../../shared/faults.ts";
import { saleIdInputSchema } from "../../../shared/sales.ts";
import { logFault } from "../../http/answer-fault.ts";
import type { ActorOf } from "../../http/context.ts";
import { toFault, trpcErrorShape } from "../../http/faults.ts";
import type { Limits } from "../../http/rate-limits.ts";
import { EventBytes, EventResponse, type StreamHeaders } from "./event-response.ts";
import { inPortions } from "./in-portions.ts";
import type { LiveSales } from "./live-sales.ts";
import { CONNECTED, PING_INTERVAL_MS, ViewerStream } from "./viewer-stream.ts";

/**
 * Answers the subscription `sales.watch` in place of tRPC's own adapter, in the same words: the adapter serialises each
 * update anew for each viewer, and here thousands get the same bytes.
 *
 * To be called on the Fastify instance that serves tRPC, or on one above it before that is registered. Whatever is not a
 * plain subscription to a sale that exists (other procedures, batches, invalid input, an unknown sale, a request that was
 * sent before the last one was answered) falls through to the adapter, which answers it as any other call; so an error
 * has one form only.
 *
 * A viewer is counted by the slot that it takes, and by nothing else: a crowd behind one address may come at once.
 */
export function registerWatchRoute(app: FastifyInstance, { actorOf, limits, liveSales }: WatchServices): void {
  const streams = new Set<ViewerStream>();
  const pings = setInterval(() => inPortions(streams, (stream) => stream.ping()), PING_INTERVAL_MS).unref();
  app.addHook("onClose", async () => clearInterval(pings));

  app.addHook("preHandler", async (request, reply) => {
    const saleId = watchedSaleId(request);
    const response = saleId === undefined ? undefined : EventResponse.on(reply.raw);
    if (saleId === undefined || !response) return;
    const closed = new Promise<void>((resolve) => {
      if (request.raw.socket.destroyed) resolve();
      else reply.raw.once("close", resolve);
    });
    const actor = await actorOf(request);
    const stream = new ViewerStream(response, () => takeOver(reply));
    try {
      const leave = await liveSales.join(saleId, stream, { address: request.ip, userId: actor?.userId });
      streams.add(stream);
      void closed.then(() => {
        streams.delete(stream);
        leave();
      });
    } catch (error) {
      const fault = toFault(error);
      // Anything else the adapter meets too, when it runs the procedure.
      if (fault.code !== "OVERLOADED" && fault.code !== "RATE_LIMITED") return;
      // Without a slot it is a call like any other, and pays for one.
      limits.takeTokens({ userId: actor?.userId, address: request.ip }, 1);
      logFault(request, fault);
      refuseViewer(response, { headers: takeOver(reply), fault, requestId: request.id });
    }
  });
}

interface WatchServices {
  readonly actorOf: ActorOf;
  readonly limits: Pick<Limits, "takeTokens">;
  readonly liveSales: Pick<LiveSales, "join">;
}

/**
 * Turns a viewer away as tRPC's adapter does, by an error in a stream that ends with it. The adapter would run the
 * procedure for that, at many times the cost; and whoever finds no slot asks again and again, beside a full house of
 * viewers and purchases.
 */
function refuseViewer(
  response: EventResponse,
  { headers, fault, requestId }: { headers: StreamHeaders; fault: Fault; requestId: string },
): void {
  const error = trpcErrorShape(fault, requestId, PROCEDURE);
  response.open(headers, CONNECTED, new EventBytes(`event: serialized-error\ndata: ${JSON.stringify(error)}\n\n`));
  response.end();
}

const PROCEDURE = "sales.watch";

/** The sale that a plain subscription asks for; undefined for any other request. */
function watchedSaleId(request: FastifyRequest): number | undefined {
  if (request.method !== "GET") return undefined;
  const [requestPath, query] = request.raw.url?.split("?", 2) ?? [];
  if (requestPath !== `/trpc/${PROCEDURE}` || query === undefined) return undefined;
  const parameters = new URLSearchParams(query);
  const input = parameters.get("input");
  if (input === null || parameters.has("batch") || request.headers["trpc-accept"] !== undefined) return undefined;
  try {
    return saleIdInputSchema.safeParse(JSON.parse(input)).data?.saleId;
  } catch {
    return undefined;
  }
}

/** Takes the response over from Fastify, and answers the headers that were set for it so far, with those of a stream. */
function takeOver(reply: FastifyReply): StreamHeaders {
  reply.hijack();
  return {
    ...reply.getHeaders(),
    "content-type": "text/event-stream",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
    vary: "trpc-accept, accept",
  };
}
