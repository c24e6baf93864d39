import type { FastifyInstance, FastifyRequest } from "fastify";
import type { z } from "zod";
import { Fault } from "../../shared/faults.ts";
import { submitTaskInputSchema, TASK_BODY_BYTES_MAX, taskIdInputSchema } from "../../shared/tasks.ts";
import type { Actor, ContextOf, RequestContext } from "../http/context.ts";
import { invalidInput } from "../http/faults.ts";
import { otherMethods } from "../http/other-methods.ts";
import { taskById } from "./by-id.ts";
import type { TasksServices } from "./router.ts";
import { submissionTrace } from "./submission-trace.ts";

/**
 * `POST /api/tasks` submits a task and answers it, `GET /api/tasks/:taskId` answers one as it stands, with its log. For
 * operators. An id that is there already is no error: the answer is that task, with `duplicate: true`.
 */
export async function taskRoutes(
  app: FastifyInstance,
  { services, contextOf }: { services: TasksServices; contextOf: ContextOf },
): Promise<void> {
  // Before the body is read, which may be large.
  const onRequest = async (request: FastifyRequest): Promise<void> => void (await operatorContext(contextOf, request));
  app.post("/api/tasks", { bodyLimit: TASK_BODY_BYTES_MAX, onRequest }, async (request) => {
    const context = await operatorContext(contextOf, request);
    const input = parsed(submitTaskInputSchema, request.body);
    return services.tasks.submit(input, { actorId: context.actor.userId, traceId: submissionTrace(context) });
  });
  otherMethods(app, "/api/tasks", ["POST"]);

  app.get<{ Params: { taskId: string } }>("/api/tasks/:taskId", async (request) => {
    await operatorContext(contextOf, request);
    const { taskId } = parsed(taskIdInputSchema, request.params);
    return taskById(services.operatorReads, taskId);
  });
  otherMethods(app, "/api/tasks/:taskId", ["GET"]);
}

async function operatorContext(
  contextOf: ContextOf,
  request: FastifyRequest,
): Promise<RequestContext & { actor: Actor }> {
  const context = await contextOf(request);
  if (!context.actor) throw new Fault("UNAUTHENTICATED");
  if (context.actor.role !== "operator") throw new Fault("FORBIDDEN");
  return { ...context, actor: context.actor };
}

function parsed<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const result = schema.safeParse(value);
  if (!result.success) throw invalidInput(result.error);
  return result.data;
}
