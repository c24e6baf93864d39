import type { FastifyRequest } from "fastify";
import { credentialOf } from "../accounts/credential.ts";
import type { Services } from "../services.ts";
import type { Actor, RequestContext } from "./trpc.ts";

/**
 * Finds out who is asking. Whoever is not signed in draws on the limit of their address.
 *
 * @param calls how many calls the request makes
 * @throws Fault RATE_LIMITED; whatever the session's look-up throws
 */
export async function requestContext(services: Services, request: FastifyRequest, calls = 1): Promise<RequestContext> {
  const actor = await actorOf(services, request);
  if (!actor) services.limits.takeAnonymousTokens(request.ip, calls);
  return { services, actor, requestId: request.id, address: request.ip };
}

/** Who is asking, for what has a limit of its own; undefined for whoever is not signed in. */
export async function actorOf(services: Services, request: FastifyRequest): Promise<Actor | undefined> {
  const shown = credentialOf(request.headers);
  return shown && services.sessions.find(shown.credential);
}
