import type { z } from "zod";
import {
  WAREHOUSE_REFUSALS,
  type WarehouseAnswer,
  warehouseAnswerSchema,
  warehouseProblemSchema,
} from "../../../shared/warehouse.ts";
import type { HttpAnswer } from "./http-caller.ts";
import { FailedTryError, WarehouseCallError } from "./warehouse-client.ts";

/**
 * What the warehouse decided: done, or refused with the status of its reason.
 *
 * @throws FailedTryError, WarehouseCallError
 */
export function readDecision(answer: HttpAnswer): WarehouseAnswer {
  if (answer.status === 200 || REFUSAL_STATUSES.has(answer.status)) {
    const parsed = warehouseAnswerSchema.safeParse(jsonOf(answer.text));
    if (parsed.success && statusOf(parsed.data) === answer.status) return parsed.data;
  }
  throw problem(answer);
}

/** What a query answered with 200. @throws FailedTryError, WarehouseCallError */
export function readResult<T>(answer: HttpAnswer, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(answer.status === 200 ? jsonOf(answer.text) : undefined);
  if (parsed.success) return parsed.data;
  throw problem(answer);
}

const REFUSAL_STATUSES: ReadonlySet<number> = new Set(Object.values(WAREHOUSE_REFUSALS));

function statusOf(decision: WarehouseAnswer): number {
  return decision.outcome === "refused" ? WAREHOUSE_REFUSALS[decision.code] : 200;
}

/** 4xx says that the call itself is wrong, which no retry mends; 408 and 429 ask for one, and the rest may be anything. */
function problem({ status, text }: HttpAnswer): Error {
  const told = warehouseProblemSchema.safeParse(jsonOf(text)).data;
  const words = told ? `${status} ${told.code}: ${told.message}` : `${status} and nothing that could be read`;
  const isOurs = status >= 400 && status < 500 && status !== 408 && status !== 429;
  if (isOurs) return new WarehouseCallError(`The warehouse refuses such calls. It answered ${words}`, status);
  return new FailedTryError(`The warehouse answered ${words}`);
}

/** Undefined when the text is not JSON. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
