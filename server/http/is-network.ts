import { isIPv4 } from "node:net";
import { plainAddress } from "./plain-address.ts";

/**
 * Whether the text is an address, or a network that somebody can mean to trust, in its one spelling. Larger ones add up to
 * everybody; with bits behind its own, one host may have been meant.
 */
export function isNetwork(text: string): boolean {
  const [, address = "", bits] = /^([^/%]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  if (plainAddress(address) !== address) return false;
  if (bits === undefined) return true;
  const length = Number(bits);
  const [min, max] = isIPv4(address) ? [8, 32] : [7, 128];
  if (length < min || length > max) return false;
  // What begins with zeros may hold ::ffff:0:0/96, which is every IPv4 address.
  if (address.startsWith("::") && length < max) return false;
  return !bitsOf(address).slice(length).includes("1");
}

function bitsOf(address: string): string {
  if (isIPv4(address)) return binary(address.split("."), 10);
  const [head = "", tail = ""] = address.split("::").map((part) => binary(part.split(":"), 16));
  return head + tail.padStart(128 - head.length, "0");
}

function binary(groups: readonly string[], radix: 10 | 16): string {
  const length = radix === 10 ? 8 : 16;
  return groups.map((group) => group && Number.parseInt(group, radix).toString(2).padStart(length, "0")).join("");
}
