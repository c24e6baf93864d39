import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

/**
 * The key that signs results. It follows from the secret that signs sessions, which every start of a shop has: so all of them
 * sign with the same, there is no further file to keep, and it is not in the database, whose superuser is whom the results
 * are to bind. Another secret means another key; what was signed before is verified by the key that was shown then.
 *
 * @param seed 32 bytes
 */
export function proofKey(seed: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: "der", type: "pkcs8" });
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

/** As PEM. */
export function publicKeyOf(key: KeyObject): string {
  return createPublicKey(key).export({ format: "pem", type: "spki" }).toString();
}
