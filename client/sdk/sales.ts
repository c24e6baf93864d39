import type { Connection } from "./call.ts";
import { withKey } from "./idempotency-key.ts";
import { mutateOnce, mutateWithKey, query } from "./retry.ts";
import type { SalesClient } from "./types.ts";
import { watchSale } from "./watch.ts";

export function salesClient(connection: Connection): SalesClient {
  return {
    list: (request = {}, options) => query(connection, "sales.list", request, options),
    byId: (request, options) => query(connection, "sales.byId", request, options),
    watch: (request, options) => watchSale(connection, request, options),
    create: (request, options) => mutateOnce(connection, "sales.create", request, options),
    update: (request, options) => mutateOnce(connection, "sales.update", request, options),
    pause: (request, options) => mutateOnce(connection, "sales.pause", request, options),
    resume: (request, options) => mutateOnce(connection, "sales.resume", request, options),
    cancel: (request, options) => mutateOnce(connection, "sales.cancel", request, options),
    adjustStock: (request, options) => mutateWithKey(connection, "sales.adjustStock", withKey(request), options),
  };
}
