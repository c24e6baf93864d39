import type { IncomingMessage } from "node:http";
import { v7 as uuidv7 } from "uuid";

/** A proxy's own id is kept if it is one that can stand in a log without harm. */
export function requestIdOf(request: Pick<IncomingMessage, "headers">): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && WELL_FORMED.test(given) ? given : uuidv7();
}

const WELL_FORMED = /^[A-Za-z0-9][A-Za-z0-9._-]{7,63}$/;
