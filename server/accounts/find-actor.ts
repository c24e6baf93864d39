import type { FastifyRequest } from "fastify";
import { KEY_PREFIX } from "../../shared/keys.ts";
import type { Actor, ActorOf } from "../http/context.ts";
import { logSecurity } from "../http/security-log.ts";
import { credentialOf, type ShownCredential } from "./credential.ts";
import type { Sessions } from "./sessions.ts";

/** Finds out who is asking by the credential that they show. @throws whatever the session's look-up throws */
export function findActor(sessions: KnownSessions): ActorOf {
  return (request) => {
    const shown = credentialOf(request);
    const actor = shown && (isKey(shown) ? sessions.findKey(shown.credential) : sessions.find(shown.credential));
    return actor instanceof Promise
      ? actor.then((found) => told(sessions, request, found))
      : told(sessions, request, actor);
  };
}

type KnownSessions = Pick<Sessions, "find" | "findKey" | "isForged">;

/** A program shows its key as a bearer token; no browser has one in its cookies. */
function isKey({ credential, by }: ShownCredential): boolean {
  return by === "bearer" && credential.startsWith(KEY_PREFIX);
}

/** For the log: who it is, or that their credential was made up. */
function told(sessions: KnownSessions, request: FastifyRequest, found: Actor | undefined): Actor | undefined {
  if (found) request.actor = found;
  else logForged(sessions, request);
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
export function logForged(sessions: Pick<Sessions, "isForged">, request: FastifyRequest): void {
  const shown = credentialOf(request);
  if (shown && sessions.isForged(shown.credential)) logSecurity(request, "CREDENTIAL_FORGED", { reason: shown.by });
}
