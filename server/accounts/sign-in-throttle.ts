import { backOffMs } from "../../shared/back-off.ts";
import { SecurityFault } from "../http/security-log.ts";

/**
 * Slows down whoever guesses an account's password: after `failuresMax` wrong ones the next try has to wait a second,
 * then two, four and so on. From one network that goes up to 15 minutes. Over all networks together it ends at 30
 * seconds: whoever guesses from many gets no further.
 *
 * Where somebody signed in to the account before, a browser or a network, is counted by itself: whatever is tried from
 * elsewhere, the owner gets in from there. Of who comes from elsewhere an owner may be one, and then has to be quicker
 * than those who guess.
 *
 * A try counts as wrong from its beginning, so that many at once are no way around. A right password clears the count;
 * so do 15 minutes without a try. Unknown accounts are treated alike, so the answer tells nothing.
 */
export class SignInThrottle {
  readonly #ofSources: Failures;
  readonly #ofAccounts: Failures;

  constructor(failuresMax: number, now: () => number = () => performance.now()) {
    this.#ofSources = new Failures({ failuresMax, pauseMaxMs: WINDOW_MS, now });
    this.#ofAccounts = new Failures({ failuresMax, pauseMaxMs: ACCOUNT_PAUSE_MAX_MS, now });
  }

  /**
   * Counts a try to sign in, wrong until its caller says otherwise.
   *
   * @throws Fault RATE_LIMITED while the account, or this source with it, has to wait; that is no try
   */
  enter({ email, userId, source, isKnown }: Entering): SignInTry {
    const here = { failures: this.#ofSources, key: `${source} ${email}` };
    const counted = isKnown ? [here] : [here, { failures: this.#ofAccounts, key: email }];
    const waitMs = Math.max(...counted.map(({ failures, key }) => failures.waitMs(key)));
    if (waitMs > 0) {
      const message = "Too many wrong passwords for this account. Please wait before you try again.";
      throw new SecurityFault("SIGN_IN_THROTTLED", { userId }, { code: "RATE_LIMITED", message, retryAfterMs: waitMs });
    }
    const undos = counted.map(({ failures, key }) => failures.add(key));
    return {
      succeeded: () => counted.forEach(({ failures, key }) => void failures.clear(key)),
      undo: () => undos.forEach((undo) => void undo()),
    };
  }

  get size(): number {
    return this.#ofSources.size + this.#ofAccounts.size;
  }
}

interface Entering {
  readonly email: string;
  /** Of the account, for the log; undefined where there is none. */
  readonly userId?: string | undefined;
  /** A browser or a network. */
  readonly source: string;
  /** Whether somebody signed in to the account there before. */
  readonly isKnown: boolean;
}

export interface SignInTry {
  /** The password was right. */
  succeeded(): void;
  /** Nobody found out whether it was. */
  undo(): void;
}

/** Counts failures per key, and says how long the next try has to wait. */
class Failures {
  readonly #options: FailuresOptions;
  /** Ordered by the last failure, oldest first. */
  readonly #byKey = new Map<string, Entry>();

  constructor(options: FailuresOptions) {
    this.#options = options;
  }

  waitMs(key: string): number {
    const { failuresMax, pauseMaxMs, now } = this.#options;
    const entry = this.#byKey.get(key);
    if (!entry || entry.failures < failuresMax) return 0;
    const pauseMs = backOffMs(entry.failures - failuresMax + 1, {
      minMs: FIRST_PAUSE_MS,
      maxMs: pauseMaxMs,
      jitter: 0,
    });
    return Math.max(0, entry.atMs + pauseMs - now());
  }

  /** @returns what takes the failure back, as if it had never been */
  add(key: string): () => void {
    const nowMs = this.#options.now();
    const earlier = this.#byKey.get(key);
    const entry = earlier && nowMs - earlier.atMs < WINDOW_MS ? earlier : { failures: 0, atMs: 0 };
    const { atMs } = entry;
    entry.failures++;
    entry.atMs = nowMs;
    this.#byKey.delete(key);
    this.#byKey.set(key, entry);
    this.#dropOld(nowMs);
    return () => {
      entry.failures--;
      if (entry.atMs === nowMs) entry.atMs = atMs;
    };
  }

  clear(key: string): void {
    this.#byKey.delete(key);
  }

  get size(): number {
    return this.#byKey.size;
  }

  #dropOld(nowMs: number): void {
    for (const [key, { atMs }] of this.#byKey) {
      if (nowMs - atMs < WINDOW_MS && this.#byKey.size <= KEYS_MAX) return;
      this.#byKey.delete(key);
    }
  }
}

interface Entry {
  failures: number;
  /** Of the last one. */
  atMs: number;
}

interface FailuresOptions {
  readonly failuresMax: number;
  readonly pauseMaxMs: number;
  readonly now: () => number;
}

const WINDOW_MS = 15 * 60_000;
const FIRST_PAUSE_MS = 1_000;

/** A guesser gets 2,880 tries a day, from however many networks. */
const ACCOUNT_PAUSE_MAX_MS = 30_000;

/** Some 150 bytes each. */
const KEYS_MAX = 100_000;
