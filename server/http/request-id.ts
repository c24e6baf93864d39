import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { UUID_TIME_LENGTH, uuidTime } from "../database/new-uuid.ts";

/** A proxy's own id is kept if it is one that can stand in a log without harm. */
export function requestIdOf(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && WELL_FORMED.test(given) ? given : newRequestId();
}

/** A UUID of version 7. Nobody has to be kept from guessing it, so its random bits are those of this process. */
export function newRequestId(): string {
  return uuidTime() + PROCESS_BITS;
}

const PROCESS_BITS = randomUUID().slice(UUID_TIME_LENGTH);

const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;
