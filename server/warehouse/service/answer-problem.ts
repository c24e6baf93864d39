import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { FAULTS, type Fault } from "../../../shared/faults.ts";
import type { warehouseProblemSchema } from "../../../shared/warehouse.ts";
import { logFault } from "../../http/answer-fault.ts";
import { retryAfterSeconds, toFault } from "../../http/faults.ts";

/** Answers what is no decision of the warehouse: the caller's mistake, or a failure of ours without its details. */
export function answerProblem(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
  const fault = toFault(error);
  logFault(request, fault);
  const retryAfter = retryAfterSeconds(fault);
  if (retryAfter !== undefined) reply.header("retry-after", String(retryAfter));
  const problem: z.infer<typeof warehouseProblemSchema> = {
    code: fault.code,
    message: fault.message,
    requestId: request.id,
  };
  return reply.code(statusOf(fault)).type("application/json; charset=utf-8").send(JSON.stringify(problem));
}

/** 409 is a decision here, a shortage; whoever met a lock comes again. */
function statusOf({ code }: Fault): number {
  return code === "LOCK_TIMEOUT" ? 503 : FAULTS[code].status;
}
