import type { FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import type { UserRole } from "../../shared/users.ts";

/** Who is asking. It always comes from the session, never from the request's body. */
export interface Actor {
  readonly userId: string;
  readonly role: UserRole;
  /** Refunds and credits. */
  readonly mayMoveMoney: boolean;
}

/** What every procedure and route is told of its caller. */
export interface RequestContext {
  readonly actor: Actor | undefined;
  /** Stands in every log line and every error of this request. */
  readonly requestId: string;
  /** Of the caller, 32 hexadecimal digits, where they sent one. */
  readonly traceId?: string | undefined;
  /** The client's address, for limits. */
  readonly address: string;
}

/** Finds out who is asking: at once where this process remembers the session. Undefined for whoever is not signed in. */
export type ActorOf = (request: FastifyRequest) => Actor | undefined | Promise<Actor | undefined>;

/** Makes the context of a request that has drawn what it costs. @throws Fault RATE_LIMITED, and what `ActorOf` throws */
export type ContextOf = (request: FastifyRequest) => RequestContext | Promise<RequestContext>;

/** @throws Fault UNAUTHENTICATED */
export function signedIn({ actor }: Pick<RequestContext, "actor">): Actor {
  if (!actor) throw new Fault("UNAUTHENTICATED");
  return actor;
}

/** Whether they may see what is not theirs. */
export function isStaff({ role }: Pick<Actor, "role">): boolean {
  return role !== "buyer";
}

/** Whoever may see what the console shows: operators and auditors. @throws Fault UNAUTHENTICATED, FORBIDDEN */
export function staff(context: Pick<RequestContext, "actor">): Actor {
  const actor = signedIn(context);
  if (!isStaff(actor)) throw new Fault("FORBIDDEN");
  return actor;
}

/** Whoever may change the shop. @throws Fault UNAUTHENTICATED, FORBIDDEN */
export function operator(context: Pick<RequestContext, "actor">): Actor {
  const actor = signedIn(context);
  if (actor.role !== "operator") throw new Fault("FORBIDDEN");
  return actor;
}

/** Whoever may refund and credit. @throws Fault UNAUTHENTICATED, FORBIDDEN */
export function moneyMover(context: Pick<RequestContext, "actor">): Actor {
  const actor = operator(context);
  if (!actor.mayMoveMoney) throw new Fault("FORBIDDEN", "Your account may not move money.");
  return actor;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who asked, where that was found out. */
    actor?: Actor | undefined;
  }
}
