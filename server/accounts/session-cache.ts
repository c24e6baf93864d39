import { LRUCache } from "lru-cache";
import type { Actor } from "../http/context.ts";
import type { Credential } from "./credential.ts";

/**
 * Remembers for a minute who stands behind a credential, and also that nobody does.
 *
 * `generation` rises with everything that is forgotten. A look-up that began before must not be remembered: what it
 * read may be older than what was revoked.
 */
export class SessionCache {
  readonly #entries: LRUCache<Credential, Entry>;
  readonly #byUser = new Map<string, Set<Credential>>();
  generation = 0;

  constructor({ entriesMax = ENTRIES_MAX, now = () => performance.now() } = {}) {
    this.#entries = new LRUCache({
      max: entriesMax,
      ttl: REMEMBERED_MS,
      perf: { now },
      ttlResolution: 0,
      dispose: ({ actor }, credential) => {
        if (!actor) return;
        const credentials = this.#byUser.get(actor.userId);
        credentials?.delete(credential);
        if (credentials?.size === 0) this.#byUser.delete(actor.userId);
      },
    });
  }

  /** `{ actor: undefined }` when it is known that the credential is worth nothing, undefined when nothing is known. */
  get(credential: Credential): Entry | undefined {
    return this.#entries.get(credential);
  }

  /** @param validMs how long the session is valid from now on, at most; it is remembered no longer than a minute */
  put(credential: Credential, actor: Actor | undefined, validMs: number): void {
    // With 0 it would be remembered for ever.
    this.#entries.set(credential, { actor }, { ttl: Math.max(1, Math.min(validMs, REMEMBERED_MS)) });
    if (actor) this.#byUser.set(actor.userId, (this.#byUser.get(actor.userId) ?? new Set()).add(credential));
  }

  /** Forgets every session of a user. */
  forgetUser(userId: string): void {
    this.generation++;
    for (const credential of this.#byUser.get(userId) ?? []) this.#entries.delete(credential);
  }

  forgetAll(): void {
    this.generation++;
    this.#entries.clear();
  }

  get size(): number {
    return this.#entries.size;
  }
}

interface Entry {
  readonly actor: Actor | undefined;
}

/** The longest that a revoked session could live on if the word of it were lost. */
const REMEMBERED_MS = 60_000;

/** Some 400 bytes each: 40 MB when full. */
const ENTRIES_MAX = 100_000;
