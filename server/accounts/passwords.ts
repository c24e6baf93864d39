import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/**
 * Hashes a password with Argon2id. What is stored names its parameters, in the usual form:
 * `$argon2id$v=19$m=…,t=…,p=…$<salt>$<hash>`.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, PARAMETERS);
  return `${PREFIX}${base64(salt)}$${base64(hash)}`;
}

/** Whether the password is the one that was hashed, with whatever parameters. */
export async function verifyPassword({ hash, password }: { hash: string; password: string }): Promise<boolean> {
  const [, memory, passes, parallelism, salt = "", expected = ""] = HASH.exec(hash) ?? [];
  if (memory === undefined) throw new Error("what is stored as a password's hash is none");
  const parameters = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  const known = Buffer.from(expected, "base64");
  return timingSafeEqual(await derive(password, Buffer.from(salt, "base64"), parameters, known.length), known);
}

/** Whether it was made with today's parameters. */
export function isCurrentHash(hash: string): boolean {
  return hash.startsWith(PREFIX);
}

/** OWASP's, "Password Storage Cheat Sheet": 19 MiB, and some 20 ms of a core. */
const PARAMETERS = { memory: 19_456, passes: 2, parallelism: 1 };

const PREFIX = `$argon2id$v=19$m=${PARAMETERS.memory},t=${PARAMETERS.passes},p=${PARAMETERS.parallelism}$`;

const HASH = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const SALT_BYTES = 16;
const HASH_BYTES = 32;

const argon2Async = promisify<"argon2id", Argon2Parameters, Buffer>(argon2);

/** One password may be typed as different characters that look the same; NFKC makes them one. */
function derive(
  password: string,
  nonce: Buffer,
  parameters: typeof PARAMETERS,
  tagLength = HASH_BYTES,
): Promise<Buffer> {
  return argon2Async("argon2id", { message: password.normalize("NFKC"), nonce, tagLength, ...parameters });
}

function base64(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
