/**
 * What a buyer has asked for and has not heard the decision of. It is written down before it is sent and struck out
 * only when the decision is here, so that a reload, a second tab or a lost answer asks again with the same key, and
 * the same key never buys twice.
 */
export interface PendingIntent {
  /** The idempotency key. */
  readonly key: string;
  readonly userId: string;
  /** ISO 8601, by this computer's clock. */
  readonly createdAt: string;
  /** The shop has turned away the only try: it is certain that nothing was done. Struck out before the next try. */
  readonly isTurnedAway?: boolean;
}

/** What `localStorage` offers of `Storage`. */
export type IntentStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

/**
 * The intents of one kind, of all users of this browser, oldest first. Tabs share them. Each is an entry of its own,
 * so that two tabs that write at once cannot overwrite each other.
 */
export class PendingIntents<Intent extends PendingIntent> {
  readonly #prefix: string;
  readonly #storage: IntentStorage | undefined;
  readonly #isIntent: (value: unknown) => value is Intent;
  readonly #listeners = new Set<() => void>();
  /** Intents that the storage did not take: they live as long as the page does. */
  readonly #unstored = new Map<string, Intent>();
  #texts = "";
  #intents: readonly Intent[] = [];

  constructor({ prefix, storage, isIntent }: PendingIntentsOptions<Intent>) {
    this.#prefix = prefix;
    this.#storage = storage;
    this.#isIntent = isIntent;
  }

  /** The same array until something changes, so that React may compare it. */
  all(): readonly Intent[] {
    const entries = this.#entries();
    const texts = JSON.stringify([entries, [...this.#unstored.keys()]]);
    if (texts !== this.#texts) {
      this.#texts = texts;
      const stored = entries.map(parse).filter(this.#isIntent);
      this.#intents = [...stored, ...this.#unstored.values()].sort(
        (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt),
      );
    }
    return this.#intents;
  }

  /**
   * The same as of the last change that subscribers were told of: for whatever is shown, in many places at once, where
   * reading the storage each time would cost more than showing it.
   */
  snapshot(): readonly Intent[] {
    return this.#listeners.size === 0 ? this.all() : this.#intents;
  }

  has(key: string): boolean {
    return this.all().some((intent) => intent.key === key);
  }

  /** Returns after it is written. */
  add(intent: Intent): void {
    try {
      if (!this.#storage) throw new Error("This browser keeps nothing");
      this.#storage.setItem(this.#prefix + intent.key, JSON.stringify(intent));
    } catch {
      this.#unstored.set(intent.key, intent);
    }
    this.#tell();
  }

  remove(key: string): void {
    this.#unstored.delete(key);
    try {
      this.#storage?.removeItem(this.#prefix + key);
    } catch {
      // What cannot be written could not be stored either.
    }
    this.#tell();
  }

  /** Calls back after a change by this tab, and after those of others that `noteStorageEvent` was told of. */
  subscribe(listener: () => void): () => void {
    this.all();
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** For `storage` events. A null key means that everything was cleared. */
  noteStorageEvent({ key }: { key: string | null }): void {
    if (key === null || key.startsWith(this.#prefix)) this.#tell();
  }

  #entries(): string[] {
    const texts: string[] = [];
    try {
      for (let index = 0; index < (this.#storage?.length ?? 0); index++) {
        const key = this.#storage?.key(index);
        if (key?.startsWith(this.#prefix)) texts.push(this.#storage?.getItem(key) ?? "");
      }
    } catch {
      // Storage was switched off: what this page holds itself remains.
    }
    return texts;
  }

  #tell(): void {
    this.all();
    for (const listener of this.#listeners) listener();
  }
}

export interface PendingIntentsOptions<Intent extends PendingIntent> {
  /** Begins the storage key of each intent; its idempotency key ends it. */
  readonly prefix: string;
  readonly storage: IntentStorage | undefined;
  /** Whatever else stands there, an older version's or a stranger's, is left out. */
  readonly isIntent: (value: unknown) => value is Intent;
}

/** The browser's storage, or nothing where the browser refuses it. */
export function browserStorage(): IntentStorage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}

/** Whether what is written there is there after a reload. */
export function browserKeeps(): boolean {
  try {
    const storage = globalThis.localStorage;
    storage.setItem(PROBE, "");
    storage.removeItem(PROBE);
    return true;
  } catch {
    return false;
  }
}

const PROBE = "doorbuster.probe";

export function isPendingIntent(value: unknown): value is PendingIntent & Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const { key, userId, createdAt } = value as Record<string, unknown>;
  return (
    typeof key === "string" &&
    /^[\x21-\x7e]{1,255}$/.test(key) &&
    typeof userId === "string" &&
    typeof createdAt === "string" &&
    !Number.isNaN(Date.parse(createdAt))
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
