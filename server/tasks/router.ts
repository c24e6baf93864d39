import {
  listTasksInputSchema,
  submitTaskInputSchema,
  TASK_BODY_BYTES_MAX,
  taskIdInputSchema,
} from "../../shared/tasks.ts";
import type { Databases } from "../database/databases.ts";
import { operatorProcedure, router, staffProcedure } from "../http/trpc.ts";
import { taskById } from "./by-id.ts";
import { listTasks } from "./list.ts";
import { submissionTrace } from "./submission-trace.ts";
import type { Tasks } from "./tasks.ts";

export const tasksRouter = ({ operatorReads, tasks }: TasksServices) =>
  router({
    submit: operatorProcedure
      .meta({ bodyBytesMax: TASK_BODY_BYTES_MAX })
      .input(submitTaskInputSchema)
      .mutation(({ ctx, input }) => tasks.submit(input, { actorId: ctx.actor.userId, traceId: submissionTrace(ctx) })),

    list: staffProcedure.input(listTasksInputSchema).query(({ input }) => listTasks(operatorReads, input)),

    byId: staffProcedure.input(taskIdInputSchema).query(({ input }) => taskById(operatorReads, input.taskId)),

    retry: operatorProcedure
      .input(taskIdInputSchema)
      .mutation(({ ctx, input }) => tasks.retry(input.taskId, ctx.actor.userId)),
  });

export interface TasksServices extends Pick<Databases, "operatorReads"> {
  readonly tasks: Tasks;
}
