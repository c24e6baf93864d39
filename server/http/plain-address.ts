import { isIPv4, isIPv6 } from "node:net";

/**
 * An address as proxies write it, in the one form in which it is compared and counted: without port, brackets and zone,
 * an IPv4 address as such also where IPv6 carries it. Undefined for whatever is no address.
 */
export function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined || text.length > LENGTH_MAX) return undefined;
  const [, bracketed, withPort] = /^\[([^\]]+)\](?::\d{1,5})?$|^([\d.]+):\d{1,5}$/.exec(text.trim()) ?? [];
  const [address = ""] = (bracketed ?? withPort ?? text.trim()).split("%", 1);
  if (isIPv4(address)) return address;
  if (!isIPv6(address)) return undefined;
  const ipv6 = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(ipv6) ?? [];
  if (high === undefined || low === undefined) return ipv6;
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 0xff])
    .join(".");
}

/** The longest IPv6 address, a zone, brackets and a port. */
const LENGTH_MAX = 100;
