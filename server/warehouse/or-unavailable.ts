import { Fault } from "../../shared/faults.ts";
import { WarehouseCallError, type WarehouseClient, WarehouseUnavailableError } from "./client/warehouse-client.ts";

/**
 * Asks the warehouse for whoever waits in front of a page.
 *
 * @throws Fault UNAVAILABLE that names the warehouse, when it gives no answer or there is none; INVALID_INPUT when it does
 *   not know the cursor, which is the one thing that only the warehouse can read
 */
export async function orUnavailable<T>(
  warehouse: WarehouseClient | undefined,
  ask: (warehouse: WarehouseClient) => Promise<T>,
): Promise<T> {
  if (!warehouse) throw new Fault("UNAVAILABLE", "This shop has no warehouse service that could be asked.");
  try {
    return await ask(warehouse);
  } catch (error) {
    if (isUnavailable(error)) throw new Fault("UNAVAILABLE", WORDS, { cause: error });
    if (error instanceof WarehouseCallError && error.status === 400) {
      throw new Fault("INVALID_INPUT", "This cursor is not one that this list answered.", { cause: error });
    }
    throw error;
  }
}

/** Whether the warehouse gave no answer; what it refuses to be asked is no answer either. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof WarehouseCallError) return error.status === 401 || error.status === 403;
  return error instanceof WarehouseUnavailableError || isTimeout(error);
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === "TimeoutError";
}

const WORDS = "The warehouse cannot be asked right now. Please try again in a moment.";
