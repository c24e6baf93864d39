import type { Connection } from "./call.ts";
import { withKey } from "./idempotency-key.ts";
import { mutateWithKey, query } from "./retry.ts";
import type { OrdersClient } from "./types.ts";

export function ordersClient(connection: Connection): OrdersClient {
  return {
    place: (request, options) => mutateWithKey(connection, "orders.place", withKey(request), options),
    byId: (request, options) => query(connection, "orders.byId", request, options),
    byKey: (request, options) => query(connection, "orders.byKey", request, options),
    mine: (request = {}, options) => query(connection, "orders.mine", request, options),
    list: (request = {}, options) => query(connection, "orders.list", request, options),
    refund: (request, options) => mutateWithKey(connection, "orders.refund", withKey(request), options),
  };
}
