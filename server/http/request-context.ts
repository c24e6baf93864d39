import type { FastifyRequest } from "fastify";
import { credentialOf } from "../accounts/credential.ts";
import type { Services } from "../services.ts";
import type { RequestContext } from "./trpc.ts";

/**
 * Finds out who is asking. Whoever is not signed in draws on the limit of their address.
 *
 * @param calls how many calls the request makes
 * @throws Fault RATE_LIMITED; whatever the session's look-up throws
 */
export async function requestContext(services: Services, request: FastifyRequest, calls = 1): Promise<RequestContext> {
  const shown = credentialOf(request.headers);
  const actor = shown && (await services.sessions.find(shown.credential));
  if (!actor) services.limits.takeAnonymousTokens(request.ip, calls);
  return { services, actor, requestId: request.id, address: request.ip };
}
