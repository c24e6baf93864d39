import { listUsersInputSchema, setActiveInputSchema, userIdInputSchema } from "../../shared/users.ts";
import type { Databases } from "../database/databases.ts";
import { operatorProcedure, router, staffProcedure } from "../http/trpc.ts";
import { userById } from "./by-id.ts";
import { listUsers } from "./list.ts";
import { setActive, type UserServices } from "./set-active.ts";

export const usersRouter = (services: Databases & UserServices) =>
  router({
    list: staffProcedure.input(listUsersInputSchema).query(({ input }) => listUsers(services.operatorReads, input)),
    byId: staffProcedure
      .input(userIdInputSchema)
      .query(({ input }) => userById(services.operatorReads.db, input.userId)),
    setActive: operatorProcedure
      .input(setActiveInputSchema)
      .mutation(({ ctx, input }) => setActive(services, ctx.actor.userId, input)),
  });
