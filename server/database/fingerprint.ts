import { createHash } from "node:crypto";

/**
 * What an input of any length asks for, in few characters: two requests with one key are the same when this is the same.
 *
 * @param input parsed, so that its fields stand in the order of their schema
 */
export function fingerprintOf(input: object): string {
  return createHash("sha256").update(JSON.stringify(input)).digest("hex");
}
