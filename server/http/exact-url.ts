import { Fault } from "../../shared/faults.ts";

/**
 * Refuses an address that would be read as something else than what was sent: with bytes that are not UTF-8, which
 * become replacement characters, or that are not percent-encoded, which Node reads as Latin-1.
 *
 * @throws Fault INVALID_INPUT
 */
export function refuseInexactUrl(url: string): void {
  if (isExact(url)) return;
  throw new Fault("INVALID_INPUT", "What stands in an address is UTF-8, percent-encoded.");
}

function isExact(url: string): boolean {
  if (NOT_ENCODED.test(url)) return false;
  if (!url.includes("%")) return true;
  try {
    decodeURIComponent(url);
    return true;
  } catch {
    return false;
  }
}

const NOT_ENCODED = /[^\x21-\x7e]/;
