import { listUsersInputSchema, setActiveInputSchema, userIdInputSchema } from "../../shared/users.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { userById } from "./by-id.ts";
import { listUsers } from "./list.ts";
import { setActive } from "./set-active.ts";

export const usersRouter = router({
  list: operatorProcedure
    .input(listUsersInputSchema)
    .query(({ ctx, input }) => listUsers(ctx.services.operatorReads, input)),
  byId: operatorProcedure
    .input(userIdInputSchema)
    .query(({ ctx, input }) => userById(ctx.services.operatorReads.db, input.userId)),
  setActive: operatorProcedure
    .input(setActiveInputSchema)
    .mutation(({ ctx, input }) => setActive(ctx.services, ctx.actor.userId, input)),
});
