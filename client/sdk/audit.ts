import type { Connection } from "./call.ts";
import { query } from "./retry.ts";
import type { AuditClient } from "./types.ts";

export function auditClient(connection: Connection): AuditClient {
  return {
    list: (request = {}, options) => query(connection, "audit.list", request, options),
  };
}
