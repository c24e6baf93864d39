import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyRequest } from "fastify";
import { costOf } from "./call-cost.ts";
import type { Actor, ActorOf, ContextOf, RequestContext } from "./context.ts";
import type { Limits } from "./rate-limits.ts";
import { traceIdOf } from "./request-ids.ts";

/**
 * Calls draw tokens by what they cost: on the limit of the user where they read, on that of the address where nobody is
 * signed in. What a user changes has limits of its own; a program's key has one limit for all that it asks, beside its owner's.
 */
export function contextOfRequests(actorOf: ActorOf, limits: TokenLimits): ContextOf {
  return (request) => {
    const actor = actorOf(request);
    return actor instanceof Promise
      ? actor.then((found) => contextOf(actorOf, limits, request, found))
      : contextOf(actorOf, limits, request, actor);
  };
}

function contextOf(
  actorOf: ActorOf,
  limits: TokenLimits,
  request: FastifyRequest,
  actor: Actor | undefined,
): RequestContext | Promise<never> {
  if (!actor || actor.key || request.method !== "POST") {
    const refused = drawTokens(limits, request, actor);
    if (refused) return refused;
  }
  const { id: requestId, ip: address, headers } = request;
  return { actor, actorNow: () => actorOf(request), requestId, traceId: traceIdOf(headers), address };
}

/**
 * Draws what a request costs. Undefined when the tokens were there, else what rejects with the refusal:
 * a Fault RATE_LIMITED.
 */
export function drawTokens(
  limits: TokenLimits,
  request: FastifyRequest,
  actor: Actor | undefined,
): Promise<never> | undefined {
  try {
    limits.takeTokens({ userId: actor?.key?.id ?? actor?.userId, address: request.ip }, costOf(request));
    return undefined;
  } catch (refusal) {
    return refuseLater(refusal);
  }
}

type TokenLimits = Pick<Limits, "takeTokens">;

/**
 * Throws a refusal after a pause. Whoever has taken more than their share and asks again at once, answer after answer,
 * would otherwise keep the process busy with nothing but refusals; like this each of their connections hears two a second.
 */
async function refuseLater(refusal: unknown): Promise<never> {
  if (waiting < WAITING_MAX) {
    waiting += 1;
    await sleep(PAUSE_MS);
    waiting -= 1;
  }
  throw refusal;
}

let waiting = 0;

const PAUSE_MS = 500;

/** Some 10 kB each; what comes beyond is refused at once. */
const WAITING_MAX = 1_000;
