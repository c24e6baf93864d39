import { listTasksInputSchema, submitTaskInputSchema, taskIdInputSchema } from "../../shared/tasks.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { taskById } from "./by-id.ts";
import { listTasks } from "./list.ts";
import { submissionTrace } from "./submission-trace.ts";

export const tasksRouter = router({
  submit: operatorProcedure
    .input(submitTaskInputSchema)
    .mutation(({ ctx, input }) =>
      ctx.services.tasks.submit(input, { actorId: ctx.actor.userId, traceId: submissionTrace(ctx) }),
    ),

  list: operatorProcedure
    .input(listTasksInputSchema)
    .query(({ ctx, input }) => listTasks(ctx.services.operatorReads, input)),

  byId: operatorProcedure
    .input(taskIdInputSchema)
    .query(({ ctx, input }) => taskById(ctx.services.operatorReads, input.taskId)),

  retry: operatorProcedure
    .input(taskIdInputSchema)
    .mutation(({ ctx, input }) => ctx.services.tasks.retry(input.taskId, ctx.actor.userId)),
});
