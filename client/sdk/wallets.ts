import type { Connection } from "./call.ts";
import { withKey } from "./idempotency-key.ts";
import { mutateWithKey, query } from "./retry.ts";
import type { WalletsClient } from "./types.ts";

export function walletsClient(connection: Connection): WalletsClient {
  return {
    mine: (options) => query(connection, "wallets.mine", undefined, options),
    movements: (request = {}, options) => query(connection, "wallets.movements", request, options),
    statement: (request, options) => query(connection, "wallets.statement", request, options),
    topUp: (request, options) => mutateWithKey(connection, "wallets.topUp", withKey(request), options),
    credit: (request, options) => mutateWithKey(connection, "wallets.credit", withKey(request), options),
  };
}
