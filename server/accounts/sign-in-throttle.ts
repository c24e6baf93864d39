import { Fault } from "../../shared/faults.ts";

/**
 * Slows down whoever guesses an account's password: after `failuresMax` wrong ones the next try has to wait a second,
 * then two, four and so on, up to 15 minutes. Unknown accounts are treated alike, so the answer tells nothing. A right
 * password clears the count; so do 15 minutes without a wrong one.
 */
export class SignInThrottle {
  readonly #failuresMax: number;
  readonly #now: () => number;
  /** Ordered by the last failure, oldest first. */
  readonly #accounts = new Map<string, { readonly failures: number; readonly atMs: number }>();

  constructor(failuresMax: number, now: () => number = () => performance.now()) {
    this.#failuresMax = failuresMax;
    this.#now = now;
  }

  /** @throws Fault RATE_LIMITED while the account has to wait */
  check(email: string): void {
    const account = this.#accounts.get(email);
    if (!account || account.failures < this.#failuresMax) return;
    const pauseMs = Math.min(WINDOW_MS, FIRST_PAUSE_MS * 2 ** (account.failures - this.#failuresMax));
    const waitMs = account.atMs + pauseMs - this.#now();
    if (waitMs <= 0) return;
    throw new Fault("RATE_LIMITED", "Too many wrong passwords for this account. Please wait before you try again.", {
      retryAfterMs: waitMs,
    });
  }

  failed(email: string): void {
    const nowMs = this.#now();
    const earlier = this.#accounts.get(email);
    const failures = earlier && nowMs - earlier.atMs < WINDOW_MS ? earlier.failures + 1 : 1;
    this.#accounts.delete(email);
    this.#accounts.set(email, { failures, atMs: nowMs });
    this.#dropOld(nowMs);
  }

  succeeded(email: string): void {
    this.#accounts.delete(email);
  }

  get size(): number {
    return this.#accounts.size;
  }

  #dropOld(nowMs: number): void {
    for (const [email, { atMs }] of this.#accounts) {
      if (nowMs - atMs < WINDOW_MS && this.#accounts.size <= ACCOUNTS_MAX) return;
      this.#accounts.delete(email);
    }
  }
}

const WINDOW_MS = 15 * 60_000;
const FIRST_PAUSE_MS = 1_000;

/** Some 150 bytes each. */
const ACCOUNTS_MAX = 100_000;
