import { hash } from "node:crypto";

/**
 * What stands for a buyer's key in its attempt: 16 bytes, however long the key is. A UUID stands for itself, anything else for
 * a hash in the form of a UUID of version 8. Those that come as version 8 are hashed too, so that no two keys meet.
 *
 * @param userId in lower case, as PostgreSQL writes it
 */
export function storedKey({ userId, idempotencyKey }: { userId: string; idempotencyKey: string }): string {
  if (UUID_BUT_VERSION_8.test(idempotencyKey)) return idempotencyKey;
  const hex = hash("sha256", `${userId} ${idempotencyKey}`);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** As PostgreSQL writes them: another spelling is another key. */
const UUID_BUT_VERSION_8 = /^[\da-f]{8}-[\da-f]{4}-[0-79a-f][\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/;
