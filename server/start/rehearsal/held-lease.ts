import type { RehearsalProgress, RehearsalState } from "../../../shared/rehearsals.ts";
import { repeat } from "../../concurrency/repeat.ts";
import type { Database } from "../../database/database.ts";
import { keepLease, type WhyOver } from "../../operations/rehearsals/keep-lease.ts";

/** Tells the shop regularly how far a rehearsal is, and hears whether it is to end. */
export class HeldLease {
  readonly #over = new AbortController();
  readonly #beating: { close(): Promise<void> };
  #why: WhyOver | undefined;
  #state: RehearsalState = "preparing";
  #progress: () => Promise<RehearsalProgress>;

  constructor({ database, rehearsalId, progress, shopStops, onError }: HeldLeaseOptions) {
    this.#progress = async () => progress;
    const end = (why: WhyOver) => {
      this.#why ??= why;
      this.#over.abort();
    };
    shopStops.addEventListener("abort", () => end({ reason: "shop stops" }));
    if (shopStops.aborted) end({ reason: "shop stops" });
    const beat = async () => {
      const why = await keepLease(database, rehearsalId, { state: this.#state, progress: await this.#progress() });
      if (why) end(why);
    };
    this.#beating = repeat(beat, { everyMs: BEAT_MS, onError });
  }

  /** From now on. @param progress asked at each beat */
  enter(state: RehearsalState, progress: () => Promise<RehearsalProgress>): void {
    this.#state = state;
    this.#progress = progress;
  }

  /** Aborted when it is to end. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  get why(): WhyOver | undefined {
    return this.#why;
  }

  /** @throws RehearsalOver */
  throwIfOver(): void {
    if (this.#why) throw new RehearsalOver();
  }

  close(): Promise<void> {
    return this.#beating.close();
  }
}

/** It ended before there was anything to tell. */
export class RehearsalOver extends Error {
  override readonly name = "RehearsalOver";
}

export interface HeldLeaseOptions {
  /** The shop's own store. */
  readonly database: Database;
  readonly rehearsalId: number;
  /** At first. */
  readonly progress: RehearsalProgress;
  /** Aborted when the process that began the rehearsal stops. */
  readonly shopStops: AbortSignal;
  readonly onError: (error: unknown) => void;
}

/** So that a bar moves, and a stop is heard at once. */
const BEAT_MS = 500;
