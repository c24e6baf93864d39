import { randomUUID } from "node:crypto";
import { databaseClock } from "./database-clock.ts";

/**
 * A UUID of version 7: ids sort by the time at which they were made. Its random bits are cut from one of Node's own,
 * which are drawn ahead; the package `uuid` asks the system for each.
 */
export function newUuid(): string {
  return uuidTime() + randomUUID().slice(UUID_TIME_LENGTH);
}

/**
 * The part of a UUID of version 7 that is no chance: the time in ms by the database's clock, and a count within it. It rises
 * with every call, also when the clock is put back.
 */
export function uuidTime(): string {
  const nowMs = databaseClock.nowMs();
  // What was made before the database was heard may be from any time.
  if (nowMs > clockMs || followsDatabase !== databaseClock.isKnown) setClock(nowMs);
  else if (count === COUNTS.length - 1) setClock(clockMs + 1);
  else count++;
  return clock + COUNTS[count];
}

/** The lowest that could be made in this millisecond: a range of ids holds what was asked for in a range of time. */
export function lowestUuidAt(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** "01a1fde5-4f9f-7000" */
export const UUID_TIME_LENGTH = 18;

function setClock(ms: number): void {
  const hex = ms.toString(16).padStart(12, "0");
  clockMs = ms;
  followsDatabase = databaseClock.isKnown;
  clock = `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
  count = 0;
}

let clockMs = 0;
let followsDatabase = false;
let clock = "";
let count = 0;

/** The three digits behind the version: "000" to "fff". */
const COUNTS = Array.from({ length: 4096 }, (_, n) => n.toString(16).padStart(3, "0"));
