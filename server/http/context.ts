import { AsyncLocalStorage } from "node:async_hooks";
import type { FastifyRequest } from "fastify";
import { Fault } from "../../shared/faults.ts";
import type { KeyScope } from "../../shared/keys.ts";
import type { UserRole } from "../../shared/users.ts";

/** Who is asking. It always comes from the session, never from the request's body. */
export interface Actor {
  /** Of a program: its owner's. */
  readonly userId: string;
  readonly role: UserRole;
  /** Refunds and credits. */
  readonly mayMoveMoney: boolean;
  /** Where a program of theirs asks, which may do only what its key is for. */
  readonly key?: ActingKey;
}

export interface ActingKey {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
}

/** The key by which is done what is being done, for the audit log. */
export const actingKey = new AsyncLocalStorage<ActingKey>();

/** Does what somebody asks for; where a program of theirs asks, its key is written down with it. */
export function byActor<T>(actor: Actor, act: (actor: Actor) => T): T {
  return actor.key ? actingKey.run(actor.key, act, actor) : act(actor);
}

/** What every procedure and route is told of its caller. */
export interface RequestContext {
  readonly actor: Actor | undefined;
  /** The same asked again, for what goes on after it was let in: undefined once their session or key has ended. */
  readonly actorNow: () => Actor | undefined | Promise<Actor | undefined>;
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

/**
 * Whoever is signed in, or a program of theirs whose key has this scope. Without a scope no key is enough.
 *
 * @throws Fault UNAUTHENTICATED, FORBIDDEN
 */
export function signedIn({ actor }: Pick<RequestContext, "actor">, scope?: KeyScope): Actor {
  if (!actor) throw new Fault("UNAUTHENTICATED");
  if (actor.key && !(scope && actor.key.scopes.includes(scope)))
    throw new Fault("FORBIDDEN", scope ? `This key lacks the scope ${scope}.` : "No key may do this.");
  return actor;
}

/** Whether they may see what is not theirs. */
export function isStaff({ role }: Pick<Actor, "role">): boolean {
  return role !== "buyer";
}

/** Whoever may see what the console shows: operators and auditors. @throws Fault UNAUTHENTICATED, FORBIDDEN */
export function staff(context: Pick<RequestContext, "actor">, scope?: KeyScope): Actor {
  const actor = signedIn(context, scope);
  if (!isStaff(actor)) throw new Fault("FORBIDDEN");
  return actor;
}

/**
 * Whether who was let in as staff would be now. Whatever they are sent for longer than a moment asks it again and again; this
 * process knows the answer for a minute, and hears of what has changed at once.
 */
export async function isStillStaff({ actorNow }: Pick<RequestContext, "actorNow">): Promise<boolean> {
  const actor = await actorNow();
  return actor !== undefined && isStaff(actor);
}

/** Whoever may change the shop. @throws Fault UNAUTHENTICATED, FORBIDDEN */
export function operator(context: Pick<RequestContext, "actor">, scope?: KeyScope): Actor {
  const actor = signedIn(context, scope);
  if (actor.role !== "operator") throw new Fault("FORBIDDEN");
  return actor;
}

/** Whoever may refund and credit. @throws Fault UNAUTHENTICATED, FORBIDDEN */
export function moneyMover(context: Pick<RequestContext, "actor">): Actor {
  const actor = operator(context, "money");
  if (!actor.mayMoveMoney) throw new Fault("FORBIDDEN", "Your account may not move money.");
  return actor;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who asked, where that was found out. */
    actor?: Actor | undefined;
  }
}
