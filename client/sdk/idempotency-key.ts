/**
 * Makes a new idempotency key: a random UUID. Keep it before sending it, and send the same one on every retry.
 *
 * `crypto.randomUUID` exists only where the page came over TLS or from this machine; a page opened by address on
 * a local network has `getRandomValues` alone.
 */
export function newIdempotencyKey(source: RandomSource = crypto): string {
  if (source.randomUUID) return source.randomUUID();
  const bytes = new Uint8Array(16);
  source.getRandomValues(bytes);
  return uuidFromBytes(bytes);
}

/** What is needed of the runtime's `crypto`. */
export interface RandomSource {
  getRandomValues(bytes: Uint8Array<ArrayBuffer>): unknown;
  randomUUID?(): string;
}

/** Sets version 4 and the variant of RFC 9562 in 16 random bytes. */
function uuidFromBytes(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte, index) => {
    const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte;
    return value.toString(16).padStart(2, "0");
  }).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
