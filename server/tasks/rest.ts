import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import {
  submitTaskInputSchema,
  TASK_BODY_BYTES_MAX,
  taskIdInputSchema,
  taskIdSchema,
  taskLogEntrySchema,
  taskSchema,
} from "../../shared/tasks.ts";
import { byActor, type ContextOf, operator, staff } from "../http/context.ts";
import { parsed } from "../http/faults.ts";
import { type Operation, SERVED_FAULTS } from "../http/openapi/operation.ts";
import { otherMethods } from "../http/other-methods.ts";
import { taskById } from "./by-id.ts";
import type { TasksServices } from "./router.ts";
import { submissionTrace } from "./submission-trace.ts";

/**
 * `POST /api/tasks` submits a task and answers it, `GET /api/tasks/:taskId` answers one as it stands, with its log. For
 * operators, the latter also for auditors. An id that is there already is no error: the answer is that task, with `duplicate: true`.
 */
export async function taskRoutes(
  app: FastifyInstance,
  { services, contextOf }: { services: TasksServices; contextOf: ContextOf },
): Promise<void> {
  // Before the body is read, which may be large.
  const onRequest = async (request: FastifyRequest): Promise<void> => void operator(await contextOf(request), "tasks");
  app.post(
    "/api/tasks",
    { bodyLimit: TASK_BODY_BYTES_MAX, onRequest, config: { operation: SUBMIT } },
    async (request) => {
      const context = await contextOf(request);
      const actor = operator(context, "tasks");
      const input = parsed(submitTaskInputSchema, request.body);
      const traceId = submissionTrace(context);
      return byActor(actor, ({ userId: actorId }) => services.tasks.submit(input, { actorId, traceId }));
    },
  );
  otherMethods(app, "/api/tasks", ["POST"]);

  app.get<{ Params: { taskId: string } }>("/api/tasks/:taskId", { config: { operation: GET } }, async (request) => {
    staff(await contextOf(request), "read");
    const { taskId } = parsed(taskIdInputSchema, request.params);
    return taskById(services.operatorReads, taskId);
  });
  otherMethods(app, "/api/tasks/:taskId", ["GET"]);
}

/** Whatever JSON there is: a schema of JSON itself would have to name itself. */
const storedTaskSchema = taskSchema
  .extend({
    payload: z.unknown().describe("Any JSON"),
    result: z.unknown().describe("Any JSON; null until it is completed"),
  })
  .meta({ id: "Task" });

const SUBMIT: Operation = {
  id: "submitTask",
  tag: "Tasks",
  summary: "Submit a task",
  description:
    "Stores work that is to be done exactly once, under an id of yours or one that is made. An id that is there " +
    "already is answered with that task and `duplicate: true`, and nothing is done. For operators. The body may " +
    "have 256 kB, the payload in it 64 kB.",
  needs: "session",
  body: submitTaskInputSchema,
  example: { taskId: "report-2030-01-31", payload: { month: 1 }, failureRate: 0 },
  answers: { 200: { says: "The task as it stands", schema: storedTaskSchema } },
  faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "OUTCOME_UNKNOWN"],
};

const GET: Operation = {
  id: "getTask",
  tag: "Tasks",
  summary: "A task as it stands, with all that happened to it",
  description: "For operators and auditors.",
  needs: "session",
  path: z.object({ taskId: taskIdSchema.meta({ description: "The task's id", examples: ["report-2030-01-31"] }) }),
  answers: {
    200: {
      says: "The task",
      schema: storedTaskSchema.extend({ log: z.array(taskLogEntrySchema) }).meta({ id: "TaskWithLog" }),
    },
  },
  faults: [...SERVED_FAULTS, "UNAUTHENTICATED", "FORBIDDEN", "NOT_FOUND"],
};
