import type { FastifyRequest } from "fastify";
import { credentialOf } from "../accounts/credential.ts";
import type { Services } from "../services.ts";
import { costOf } from "./call-cost.ts";
import { refuseLater } from "./refuse-later.ts";
import { logSecurity } from "./security-log.ts";
import { traceIdOf } from "./trace-id.ts";
import type { Actor, RequestContext } from "./trpc.ts";

/**
 * Finds out who is asking: at once where this process remembers the session. Calls draw tokens by what they cost: on the
 * limit of the user where they read, on that of the address where nobody is signed in. What a user changes has limits of
 * its own.
 *
 * @throws Fault RATE_LIMITED; whatever the session's look-up throws
 */
export function requestContext(services: Services, request: FastifyRequest): RequestContext | Promise<RequestContext> {
  const actor = actorOf(services, request);
  return actor instanceof Promise
    ? actor.then((found) => contextOf(services, request, found))
    : contextOf(services, request, actor);
}

/** Who is asking, for what has a limit of its own; undefined for whoever is not signed in. */
export function actorOf(services: Services, request: FastifyRequest): Actor | undefined | Promise<Actor | undefined> {
  const shown = credentialOf(request);
  const actor = shown && services.sessions.find(shown.credential);
  return actor instanceof Promise
    ? actor.then((found) => told(services, request, found))
    : told(services, request, actor);
}

/** For the log: who it is, or that their credential was made up. */
function told(services: Services, request: FastifyRequest, found: Actor | undefined): Actor | undefined {
  if (found) request.actor = found;
  else logForged(services, request);
  return ifMeant(request, found);
}

/**
 * The tabs of a browser share one cookie: a page that acts for one user names them, and whoever else has signed in since
 * is nobody to it.
 */
function ifMeant({ headers }: FastifyRequest, actor: Actor | undefined): Actor | undefined {
  const meant = headers["x-user-id"];
  return meant === undefined || meant === actor?.userId ? actor : undefined;
}

/** To be called for whoever is not signed in: a credential that was made up stands in the log. */
export function logForged({ sessions }: Pick<Services, "sessions">, request: FastifyRequest): void {
  const shown = credentialOf(request);
  if (shown && sessions.isForged(shown.credential)) logSecurity(request, "CREDENTIAL_FORGED", { reason: shown.by });
}

function contextOf(
  services: Services,
  request: FastifyRequest,
  actor: Actor | undefined,
): RequestContext | Promise<never> {
  if (!actor || request.method !== "POST") {
    const refused = drawTokens(services, request, actor);
    if (refused) return refused;
  }
  return { services, actor, requestId: request.id, traceId: traceIdOf(request.headers), address: request.ip };
}

/**
 * Draws what a request costs. Undefined when the tokens were there, else what rejects with the refusal (`refuse-later.ts`):
 * a Fault RATE_LIMITED.
 */
export function drawTokens(
  { limits }: Pick<Services, "limits">,
  request: FastifyRequest,
  actor: Actor | undefined,
): Promise<never> | undefined {
  try {
    limits.takeTokens({ userId: actor?.userId, address: request.ip }, costOf(request));
    return undefined;
  } catch (refusal) {
    return refuseLater(refusal);
  }
}
