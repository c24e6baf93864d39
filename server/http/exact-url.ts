import { Fault } from "../../shared/faults.ts";
import { isUtf8 } from "../../shared/primitives.ts";

/**
 * Refuses an address that would be read as something else than what was sent: with bytes that are not UTF-8, which
 * become replacement characters, or that are not percent-encoded, which Node reads as Latin-1.
 *
 * @throws Fault INVALID_INPUT
 */
export function refuseInexactUrl(url: string): void {
  if (!NOT_ENCODED.test(url) && (!url.includes("%") || isUtf8(url))) return;
  throw new Fault("INVALID_INPUT", "What stands in an address is UTF-8, percent-encoded.");
}

const NOT_ENCODED = /[^\x21-\x7e]/;
