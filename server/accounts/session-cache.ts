import type { Actor } from "../http/trpc.ts";
import type { Credential } from "./credential.ts";

/**
 * Remembers for a minute who stands behind a credential, and also that nobody does. Bounded: beyond `entriesMax` the
 * one that was used longest ago goes.
 *
 * `generation` rises with everything that is forgotten. A look-up that began before must not be remembered: what it
 * read may be older than what was revoked.
 */
export class SessionCache {
  readonly #entriesMax: number;
  readonly #now: () => number;
  /** Ordered by last use, oldest first. */
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
    this.#entries.delete(credential);
    this.#entries.set(credential, entry);
    return entry;
  }

  /** @param validMs how long the session is valid from now on, at most; it is remembered no longer than a minute */
  put(credential: Credential, actor: Actor | undefined, validMs: number): void {
    const earlier = this.#entries.get(credential);
    if (earlier) this.#remove(credential, earlier);
    this.#entries.set(credential, { actor, untilMs: this.#now() + Math.min(validMs, REMEMBERED_MS) });
    if (actor) this.#credentialsOf(actor.userId).add(credential);
    if (this.#entries.size <= this.#entriesMax) return;
    const oldest = this.#entries.entries().next().value;
    if (oldest) this.#remove(...oldest);
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
}

/** The longest that a revoked session could live on if the word of it were lost. */
const REMEMBERED_MS = 60_000;

/** Some 400 bytes each: 40 MB when full. */
const ENTRIES_MAX = 100_000;
