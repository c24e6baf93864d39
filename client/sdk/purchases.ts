import type { Connection } from "./call.ts";
import { withKey } from "./idempotency-key.ts";
import { mutateWithKey, query } from "./retry.ts";
import type { PurchasesClient } from "./types.ts";

export function purchasesClient(connection: Connection): PurchasesClient {
  return {
    buy: (request, options) => mutateWithKey(connection, "purchases.buy", withKey(request), options),
    byKey: (request, options) => query(connection, "purchases.byKey", request, options),
    byId: (request, options) => query(connection, "purchases.byId", request, options),
    mine: (request = {}, options) => query(connection, "purchases.mine", request, options),
    list: (request, options) => query(connection, "purchases.list", request, options),
    refund: (request, options) => mutateWithKey(connection, "purchases.refund", withKey(request), options),
  };
}
