import { noInputSchema } from "../../shared/primitives.ts";
import {
  endMySessionsInputSchema,
  listUsersInputSchema,
  setActiveInputSchema,
  setRoleInputSchema,
  signOutInputSchema,
  userIdInputSchema,
} from "../../shared/users.ts";
import type { Databases } from "../database/databases.ts";
import type { Limits } from "../http/rate-limits.ts";
import { buyerProcedure, operatorProcedure, router, staffProcedure } from "../http/trpc.ts";
import { userById } from "./by-id.ts";
import { listUsers } from "./list.ts";
import { sessionsOf } from "./sessions.ts";
import { setActive, type UserServices } from "./set-active.ts";
import { setRole } from "./set-role.ts";
import { endMySessions, signOutUser } from "./sign-out.ts";

export const usersRouter = (services: Databases & UserServices & { readonly limits: Limits }) =>
  router({
    list: staffProcedure.input(listUsersInputSchema).query(({ input }) => listUsers(services.operatorReads, input)),
    byId: staffProcedure
      .input(userIdInputSchema)
      .query(({ input }) => userById(services.operatorReads.db, input.userId)),
    setActive: operatorProcedure
      .input(setActiveInputSchema)
      .mutation(({ ctx, input }) => setActive(services, ctx.actor.userId, input)),
    setRole: operatorProcedure
      .input(setRoleInputSchema)
      .mutation(({ ctx, input }) => setRole(services, ctx.actor.userId, input)),
    sessions: staffProcedure
      .input(userIdInputSchema)
      .query(({ input }) => sessionsOf(services.operatorReads, input.userId)),
    signOut: operatorProcedure
      .input(signOutInputSchema)
      .mutation(({ ctx, input }) => signOutUser(services, ctx.actor.userId, input)),
    mySessions: buyerProcedure
      .input(noInputSchema)
      .query(({ ctx }) => sessionsOf(services.publicReads, ctx.actor.userId)),
    endMySessions: buyerProcedure
      .input(endMySessionsInputSchema)
      .mutation(({ ctx, input }) => endMySessions(services, { userId: ctx.actor.userId, address: ctx.address }, input)),
  });
