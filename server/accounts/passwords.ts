import { hashPassword as hash, verifyPassword as verify } from "better-auth/crypto";
import { Fault } from "../../shared/faults.ts";

/**
 * Hashes passwords a few at a time. Each takes a thread of Node's pool for some 100 ms, and what else needs the pool
 * (signatures, files) would wait behind a crowd of them, with its transactions open.
 *
 * @throws Fault OVERLOADED when too many wait already
 */
export function hashPassword(password: string): Promise<string> {
  return inLine(() => hash(password));
}

/** Whether the password is the one that was hashed. @throws Fault OVERLOADED when too many wait already */
export function verifyPassword(given: { hash: string; password: string }): Promise<boolean> {
  return inLine(() => verify(given));
}

/** Node's pool has four threads. */
const AT_WORK_MAX = 2;

/** The last of them waits for some 10 seconds. */
const WAITING_MAX = 200;

const RETRY_AFTER_MS = 5_000;

let atWork = 0;
const waiting: (() => void)[] = [];

async function inLine<T>(work: () => Promise<T>): Promise<T> {
  if (atWork >= AT_WORK_MAX) await turn();
  else atWork++;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else atWork--;
  }
}

function turn(): Promise<void> {
  if (waiting.length >= WAITING_MAX) {
    throw new Fault("OVERLOADED", "Too many people are signing in right now. Please try again in a moment.", {
      retryAfterMs: RETRY_AFTER_MS,
    });
  }
  return new Promise((resolve) => waiting.push(resolve));
}
