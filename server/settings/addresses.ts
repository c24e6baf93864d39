import { isIP, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";

/**
 * An address as proxies write it, in the one form in which it is compared and counted: without port, brackets and zone,
 * an IPv4 address as such also where IPv6 carries it. Undefined for whatever is no address.
 */
export function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LENGTH_MAX) return undefined;
  const [, bracketed, withPort] = /^\[([^\]]+)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text.trim()) ?? [];
  const [address = ""] = (bracketed ?? withPort ?? text.trim()).split("%", 1);
  // The library also reads forms that nobody else does, such as 0x7f.1.
  return isIP(address) === 0 ? undefined : ipaddr.process(address).toString();
}

/** The longest IPv6 address, a zone, brackets and a port. */
const LENGTH_MAX = 100;

/**
 * What one customer of a network provider has: an IPv4 address, or the 64 leading bits of an IPv6 address. What is no
 * address stays as it is.
 */
export function network(address: string): string {
  if (!isIPv6(address)) return address;
  const ip = ipaddr.process(address);
  if (!(ip instanceof ipaddr.IPv6)) return ip.toString();
  const groups = ip.parts.slice(0, 4).map((group) => group.toString(16));
  return `${groups.join(":")}::/64`;
}

/**
 * Whether the text is an address, or a network that somebody can mean to trust, in its one spelling. Larger ones add up to
 * everybody; with bits behind its own, one host may have been meant.
 */
export function isNetwork(text: string): boolean {
  const [, address = "", bits] = /^([^/%]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  if (plainAddress(address) !== address) return false;
  if (bits === undefined) return true;
  const family = ipaddr.IPv4.isValid(address) ? ipaddr.IPv4 : ipaddr.IPv6;
  if (!family.isValidCIDR(text) || family.networkAddressFromCIDR(text).toString() !== address) return false;
  // What begins with zeros may hold ::ffff:0:0/96, which is every IPv4 address.
  if (address.startsWith("::")) return bits === "128";
  return Number(bits) >= (family === ipaddr.IPv4 ? 8 : 7);
}
