import { DatabaseError } from "./errors.ts";
import type { Lane } from "./lane.ts";

/** @throws DatabaseError with one sentence when the server is older than what the product works on */
export function checkServerVersion(lane: Lane, server: string): void {
  if (lane.serverVersion >= SERVER_VERSION_MIN) return;
  const version = `${Math.floor(lane.serverVersion / 10_000)}.${lane.serverVersion % 10_000}`;
  throw new DatabaseError(
    `The server at ${server} is PostgreSQL ${version}; version ${SERVER_VERSION_MIN / 10_000} or newer is needed.`,
  );
}

const SERVER_VERSION_MIN = 150_000;
