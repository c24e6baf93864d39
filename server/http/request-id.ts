import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A proxy's own id is kept if it is one that can stand in a log without harm. */
export function requestIdOf(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && WELL_FORMED.test(given) ? given : newRequestId();
}

/**
 * A UUID of version 7: the time, a count within the millisecond, and bits that stand for this process. Nobody has to be
 * kept from guessing it, so it takes no randomness of its own.
 */
export function newRequestId(): string {
  const nowMs = Date.now();
  if (nowMs > clockMs) setClock(nowMs);
  else if (count === COUNTS.length - 1) setClock(clockMs + 1);
  else count++;
  return clock + COUNTS[count] + PROCESS_BITS;
}

function setClock(ms: number): void {
  const hex = ms.toString(16).padStart(12, "0");
  clockMs = ms;
  clock = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  count = 0;
}

let clockMs = 0;
let clock = "";
let count = 0;

/** The three digits behind the version: "000" to "fff". */
const COUNTS = Array.from({ length: 4096 }, (_, n) => n.toString(16).padStart(3, "0"));

/** The variant and the 62 bits behind it, as a random UUID has them. */
const PROCESS_BITS = randomUUID().slice(18);

const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;
