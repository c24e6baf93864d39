import { setTimeout as sleep } from "node:timers/promises";
import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import type { OrderErrorCode } from "../../shared/order-refusals.ts";
import type { Order } from "../../shared/orders.ts";
import type { Task } from "../../shared/tasks.ts";
import { type WarehouseRefusalCode, warehouseAnswerSchema } from "../../shared/warehouse.ts";
import type { Database } from "../database/database.ts";
import type { Tasks } from "../tasks/tasks.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import type { OrderGate } from "./order-gate.ts";
import { orderOf } from "./read-orders.ts";

/**
 * Tries to have an order dispatched while its customer waits, for some seconds at most. What does not succeed is left to the
 * workers, which do it in any case: so this never fails.
 *
 * @param order that was placed just now, and is committed
 * @returns the order as it stands afterwards, and why when the warehouse has refused it
 */
export async function dispatchNow(
  { database, tasks, warehouse, orderGate }: Dispatching,
  order: Order,
): Promise<Tried> {
  const leaveToWorkers = () => {
    tasks?.wake();
    return { order };
  };
  // An open breaker says that the answer would only come later.
  if (!tasks || !warehouse || warehouse.breaker.state === "open") return leaveToWorkers();
  const attempt = async (): Promise<Tried> => {
    const task = await runOrFollow(tasks, `order-${order.orderId}`);
    const now = await orderOf(database.db, order.orderId);
    return now.status === "rejected" ? { order: now, errorCode: ERROR_CODES[refusalOf(task)] } : { order: now };
  };
  // The order and its task are stored: whatever goes wrong here, a worker goes on with it.
  return orderGate.dispatch(attempt, leaveToWorkers).catch(leaveToWorkers);
}

interface Tried {
  readonly order: Order;
  /** Present when the warehouse has refused it. */
  readonly errorCode?: OrderErrorCode;
}

/** A worker may have been quicker to claim the task: then its attempt is what to wait for. */
async function runOrFollow(tasks: Pick<Tasks, "runNow">, taskId: string): Promise<Task> {
  const endsAt = performance.now() + WAIT_MS_MAX;
  let task = await tasks.runNow(taskId, WAIT_MS_MAX);
  for (let looks = 1; task.status === "PROCESSING"; looks++) {
    const pauseMs = backOffMs(looks, PAUSE);
    const leftMs = endsAt - performance.now();
    if (leftMs <= pauseMs) break;
    await sleep(pauseMs);
    task = await tasks.runNow(taskId, leftMs - pauseMs);
  }
  return task;
}

/** What orders need of the server's services to be dispatched at once; without tasks or warehouse they are left to workers. */
export interface Dispatching {
  readonly database: Database;
  readonly orderGate: OrderGate;
  readonly tasks?: Pick<Tasks, "runNow" | "wake"> | undefined;
  readonly warehouse?: Pick<WarehouseClient, "breaker"> | undefined;
}

function refusalOf({ result }: Task): WarehouseRefusalCode {
  const answer = warehouseAnswerSchema.safeParse(result);
  return answer.success && answer.data.outcome === "refused" ? answer.data.code : "SHORTAGE";
}

/** As the database calls the same reasons. */
const ERROR_CODES: Record<WarehouseRefusalCode, OrderErrorCode> = {
  SHORTAGE: "SQLITE_BUSY",
  UNKNOWN_PRODUCT: "SQLITE_NOTFOUND",
  KEY_REUSED: "SQLITE_CONSTRAINT",
};

/** As long as a customer is asked to wait. */
const WAIT_MS_MAX = 6_000;

/** A dispatch takes some milliseconds where the warehouse is well. */
const PAUSE: BackOff = { minMs: 20, maxMs: 500, jitter: 0 };
