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

/**
 * The trace that a call belongs to, from its header `traceparent` (W3C Trace Context): 32 hexadecimal digits; undefined
 * where it has none or one that cannot be read.
 */
export function traceIdOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const { traceparent } = headers;
  return typeof traceparent === "string" ? TRACEPARENT.exec(traceparent)?.[1] : undefined;
}

/** Version, trace, span, flags. Version ff and ids of nothing but zeros are no ids; later versions may add to the end. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:$|-)/;
