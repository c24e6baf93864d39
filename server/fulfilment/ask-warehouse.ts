import type { StockChanged, WarehouseAnswer, WarehouseRefused } from "../../shared/warehouse.ts";
import { FatalTaskError, type TaskOutcome } from "../tasks/handler.ts";
import { WarehouseBreakerOpenError, type WarehouseClient } from "../warehouse/client/warehouse-client.ts";

/**
 * Asks the warehouse for something, once for ever under the task's key. Without an answer the attempt fails and the next one
 * asks again; a breaker that is open has sent nothing, so that costs no attempt.
 *
 * @param onDecision what becomes of a decision of the warehouse
 * @throws WarehouseUnavailableError; FatalTaskError when the key stands for something else, which no attempt can mend
 */
export async function askWarehouse(
  warehouse: Pick<WarehouseClient, "breaker">,
  ask: () => Promise<WarehouseAnswer>,
  onDecision: (decision: Decision) => TaskOutcome,
): Promise<TaskOutcome> {
  let answer: WarehouseAnswer;
  try {
    answer = await ask();
  } catch (error) {
    if (!(error instanceof WarehouseBreakerOpenError)) throw error;
    return {
      kind: "postponed",
      delayMs: Math.max(warehouse.breaker.opensInMs, PAUSE_MS_MIN),
      reason: "The warehouse cannot be asked at the moment: the circuit breaker is open.",
    };
  }
  if (!isDecision(answer)) throw new FatalTaskError(answer.message);
  return onDecision(answer);
}

function isDecision(answer: WarehouseAnswer): answer is Decision {
  return answer.outcome === "done" || answer.code !== "KEY_REUSED";
}

/** For when it has closed again meanwhile. */
const PAUSE_MS_MIN = 500;

/** Done, or refused for good. */
export type Decision = StockChanged | FinalRefusal;
export type FinalRefusal = WarehouseRefused & { readonly code: Exclude<WarehouseRefused["code"], "KEY_REUSED"> };
