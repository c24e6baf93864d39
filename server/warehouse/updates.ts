import type { InventoryUpdate, UpdatesInput } from "../../shared/warehouse.ts";
import type { Page } from "../database/paging.ts";
import type { WarehouseClient } from "./client/warehouse-client.ts";
import { orUnavailable } from "./or-unavailable.ts";

/**
 * The history of what lies in the warehouse.
 *
 * @throws Fault UNAVAILABLE; INVALID_INPUT for a cursor that is not one of this list
 */
export function readUpdates(
  { warehouse }: { readonly warehouse: WarehouseClient | undefined },
  input: UpdatesInput,
): Promise<Page<InventoryUpdate>> {
  return orUnavailable(warehouse, (client) => client.updates(input, { once: true }));
}
