import type { Actor } from "../http/trpc.ts";
import type { Credential } from "./credential.ts";

/**
 * Remembers for a minute who stands behind a credential, and also that nobody does. Bounded: beyond `entriesMax` the
 * oldest goes that was not used since it was last looked at ("second chance"). To move an entry with every use would
 * keep the header of each request in memory: a map keeps the key that it was last given.
 *
 * `generation` rises with everything that is forgotten. A look-up that began before must not be remembered: what it
 * read may be older than what was revoked.
 */
export class SessionCache {
  readonly #entriesMax: number;
  readonly #now: () => number;
  /** In the order in which they may go. */
  readonly #entries = new Map<Credential, Entry>();
  readonly #byUser = new Map<string, Set<Credential>>();
  generation = 0;

  constructor(options: { entriesMax?: number; now?: () => number } = {}) {
    this.#entriesMax = options.entriesMax ?? ENTRIES_MAX;
    this.#now = options.now ?? (() => performance.now());
  }

  /** `{ actor: undefined }` when it is known that the credential is worth nothing, undefined when nothing is known. */
  get(credential: Credential): { readonly actor: Actor | undefined } | undefined {
    const entry = this.#entries.get(credential);
    if (!entry) return undefined;
    if (entry.untilMs <= this.#now()) {
      this.#remove(credential, entry);
      return undefined;
    }
    entry.used = true;
    return entry;
  }

  /** @param validMs how long the session is valid from now on, at most; it is remembered no longer than a minute */
  put(credential: Credential, actor: Actor | undefined, validMs: number): void {
    const earlier = this.#entries.get(credential);
    if (earlier) this.#remove(credential, earlier);
    if (this.#entries.size >= this.#entriesMax) this.#removeOldest();
    this.#entries.set(credential, { actor, untilMs: this.#now() + Math.min(validMs, REMEMBERED_MS), used: false });
    if (actor) this.#credentialsOf(actor.userId).add(credential);
  }

  /** Forgets every session of a user. */
  forgetUser(userId: string): void {
    this.generation++;
    for (const credential of this.#byUser.get(userId) ?? []) this.#entries.delete(credential);
    this.#byUser.delete(userId);
  }

  forgetAll(): void {
    this.generation++;
    this.#entries.clear();
    this.#byUser.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  #credentialsOf(userId: string): Set<Credential> {
    let credentials = this.#byUser.get(userId);
    if (!credentials) {
      credentials = new Set();
      this.#byUser.set(userId, credentials);
    }
    return credentials;
  }

  #removeOldest(): void {
    for (const [credential, entry] of this.#entries) {
      if (!entry.used) {
        this.#remove(credential, entry);
        return;
      }
      entry.used = false;
      this.#entries.delete(credential);
      this.#entries.set(credential, entry);
    }
  }

  #remove(credential: Credential, entry: Entry): void {
    this.#entries.delete(credential);
    if (!entry.actor) return;
    const credentials = this.#byUser.get(entry.actor.userId);
    credentials?.delete(credential);
    if (credentials?.size === 0) this.#byUser.delete(entry.actor.userId);
  }
}

interface Entry {
  readonly actor: Actor | undefined;
  readonly untilMs: number;
  /** Since it was put in, or was last given a second chance. */
  used: boolean;
}

/** The longest that a revoked session could live on if the word of it were lost. */
const REMEMBERED_MS = 60_000;

/** Some 400 bytes each: 40 MB when full. */
const ENTRIES_MAX = 100_000;
