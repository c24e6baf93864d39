import type { Connection } from "./call.ts";
import { mutateOnce, query } from "./retry.ts";
import type { UsersClient } from "./types.ts";

export function usersClient(connection: Connection): UsersClient {
  return {
    list: (request = {}, options) => query(connection, "users.list", request, options),
    byId: (request, options) => query(connection, "users.byId", request, options),
    setActive: (request, options) => mutateOnce(connection, "users.setActive", request, options),
  };
}
