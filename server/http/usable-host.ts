/**
 * Whether a Host header can stand in an address. tRPC's adapter makes a URL of every request, and fails on one with a
 * name and a password too.
 */
export function isUsableHost(host: string | undefined): boolean {
  if (host === undefined || host === lastUsable) return true;
  if (host.includes("@") || !URL.canParse(`http://${host}`)) return false;
  lastUsable = host;
  return true;
}

/** A shop is called by one name, so it is looked at once. */
let lastUsable: string | undefined;
