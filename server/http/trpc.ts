import { initTRPC } from "@trpc/server";
import { Fault } from "../../shared/faults.ts";
import type { UserRole } from "../../shared/users.ts";
import type { Services } from "../services.ts";

/** Who is asking. It always comes from the session, never from the request's body. */
export interface Actor {
  readonly userId: string;
  readonly role: UserRole;
}

/** What every procedure gets. */
export interface RequestContext {
  readonly services: Services;
  readonly actor: Actor | undefined;
  /** Stands in every log line and every error of this request. */
  readonly requestId: string;
  /** The client's address, for limits. */
  readonly address: string;
}

const trpc = initTRPC.context<RequestContext>().create();

export const router = trpc.router;
export const createCallerFactory = trpc.createCallerFactory;

/** Anyone may call it. */
export const publicProcedure = trpc.procedure;

/** Anyone who is signed in. */
export const buyerProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.actor) throw new Fault("UNAUTHENTICATED");
  return next({ ctx: { actor: ctx.actor } });
});

/** Operators only. */
export const operatorProcedure = buyerProcedure.use(({ ctx, next }) => {
  if (ctx.actor.role !== "operator") throw new Fault("FORBIDDEN");
  return next();
});
