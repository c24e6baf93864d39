import type { Connection } from "./call.ts";
import { withKey } from "./idempotency-key.ts";
import { mutateOnce, mutateWithKey, query } from "./retry.ts";
import type { ProductsClient } from "./types.ts";

export function productsClient(connection: Connection): ProductsClient {
  return {
    list: (request = {}, options) => query(connection, "products.list", request, options),
    create: (request, options) => mutateOnce(connection, "products.create", request, options),
    update: (request, options) => mutateOnce(connection, "products.update", request, options),
    receive: (request, options) => mutateWithKey(connection, "products.receive", withKey(request), options),
  };
}
