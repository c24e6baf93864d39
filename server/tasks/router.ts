import { listTasksInputSchema, submitTaskInputSchema, taskIdInputSchema } from "../../shared/tasks.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { submissionTrace } from "./submission-trace.ts";

export const tasksRouter = router({
  submit: operatorProcedure
    .input(submitTaskInputSchema)
    .mutation(({ ctx, input }) =>
      ctx.services.tasks.submit(input, { actorId: ctx.actor.userId, traceId: submissionTrace(ctx) }),
    ),

  list: operatorProcedure.input(listTasksInputSchema).query(({ ctx, input }) => ctx.services.tasks.list(input)),

  byId: operatorProcedure.input(taskIdInputSchema).query(({ ctx, input }) => ctx.services.tasks.byId(input.taskId)),

  retry: operatorProcedure
    .input(taskIdInputSchema)
    .mutation(({ ctx, input }) => ctx.services.tasks.retry(input.taskId, ctx.actor.userId)),
});
