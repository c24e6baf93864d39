import { setTimeout as sleep } from "node:timers/promises";
import { repeat } from "../concurrency/repeat.ts";
import type { Database } from "../database/database.ts";
import { channelName, type Listener, listen } from "../database/listen.ts";
import { Attempts } from "./attempts.ts";
import { claimTasks } from "./claim.ts";
import type { TaskHandlers, TaskObserver, TaskSource } from "./handler.ts";
import { KindSlots } from "./kind-slots.ts";
import { Nudge } from "./nudge.ts";
import { outagePauseMs } from "./retry-until-stored.ts";
import { createWaker, tasksChannel, type Waker } from "./waker.ts";

export interface WorkerOptions {
  readonly database: Database;
  /** Where to listen: the database itself, not a pooler of transactions. */
  readonly databaseUrl: string;
  readonly schema: string;
  readonly handlers: TaskHandlers;
  readonly sources: readonly TaskSource[];
  /** Who holds the leases, as operators read it. Of its own for each process that there ever is. */
  readonly instance: string;
  /** Attempts at a time. Default 64. */
  readonly concurrency?: number | undefined;
  /** How often it looks without being woken. Default 1 s. */
  readonly pollMs?: number | undefined;
  /** How long attempts under way may take to end when the worker closes. Default 8 s. */
  readonly graceMs?: number | undefined;
  readonly observer?: TaskObserver | undefined;
  /** Told once of an error that lasts. */
  readonly onError: (error: unknown) => void;
}

/**
 * Works tasks off, a bounded number at a time, and makes those that follow from what has happened. Any number of workers may
 * run, in any number of processes.
 *
 * It claims as many as it has slots free, and again as soon as slots are free while there may be more; otherwise it
 * waits until it is woken, until the next poll, or until the back-off of something that it failed is over. A database
 * that is away is tried again after growing pauses.
 */
export class Worker {
  /** Settles when it hears at once that there is something to do; until then it looks regularly. */
  readonly listening: Promise<void>;
  readonly #options: WorkerOptions;
  readonly #concurrency: number;
  readonly #pollMs: number;
  readonly #attempts: Attempts;
  readonly #kinds: KindSlots;
  readonly #listener: Listener;
  readonly #waker: Waker;
  readonly #toClaim = new Nudge();
  readonly #toDerive = new Nudge();
  readonly #loops: { close(): Promise<void> }[];
  /** Whether more may be due than there were slots for. */
  #isWaitingForSlot = false;
  #closed: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    const { database, databaseUrl, schema, handlers, sources, onError } = options;
    this.#options = options;
    this.#concurrency = options.concurrency ?? CONCURRENCY;
    this.#pollMs = options.pollMs ?? POLL_MS;
    this.#attempts = new Attempts(options);
    this.#kinds = new KindSlots(handlers);
    this.#waker = createWaker(database, { schema, onError });
    const own = tasksChannel(schema);
    const ofSources = new Set(sources.map(({ channel }) => channelName(schema, channel)));
    this.#listener = listen(
      databaseUrl,
      [own, ...ofSources],
      (channel) => (channel === own ? this.#toClaim : this.#toDerive).nudge(),
      () => this.#lookAtAll(),
    );
    this.listening = this.#listener.ready;
    const looping = { everyMs: 0, pauseMs: outagePauseMs, onError };
    this.#loops = [repeat(() => this.#claim(), looping)];
    if (sources.length > 0) this.#loops.push(repeat((signal) => this.#derive(signal), looping));
  }

  /**
   * Claims nothing more, waits until what is under way has ended, at most for the grace time, and gives the rest back, so
   * that nobody has to wait for the leases to end. Safe to call twice.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const ended = this.#loops.map((loop) => loop.close());
    this.#lookAtAll();
    await Promise.all(ended);
    await this.#attempts.close(this.#options.graceMs ?? GRACE_MS);
    await Promise.all([this.#waker.close(), this.#listener.close()]);
  }

  #lookAtAll(): void {
    this.#toClaim.nudge();
    this.#toDerive.nudge();
  }

  /** Claims for slots that are free, and waits until there may be something to claim again. */
  async #claim(): Promise<void> {
    const slots = Math.min(this.#slotsFree, Math.ceil(this.#concurrency / 2));
    const { wanted, pausedMs } = this.#kinds.wanted(slots);
    let mayBeMore = slots === 0;
    this.#isWaitingForSlot = mayBeMore;
    if (wanted.length > 0) {
      const { database, instance: worker, observer } = this.#options;
      const { tasks, recovered, count, askedAtMs } = await claimTasks(database, { worker, wanted, slots });
      for (const kind of recovered) observer?.recovered?.(kind, 1);
      for (const task of tasks) {
        this.#kinds.started(task.kind);
        void this.#attempts.run(task, { heldSinceMs: askedAtMs }).then((end) => {
          const mayTakeMore = this.#kinds.ended(task.kind, end);
          if (end.delayMs !== null) this.#claimIn(end.delayMs);
          if (this.#isWaitingForSlot || mayTakeMore) this.#toClaim.nudge();
        });
      }
      mayBeMore = count >= Math.min(slots, Math.max(...wanted.map((kind) => kind.slots)));
    }
    this.#isWaitingForSlot = mayBeMore;
    if (mayBeMore && this.#slotsFree > 0) return;
    // When more may be due, the next slot that is free ends the wait.
    await this.#toClaim.wait(Math.min(pausedMs, this.#pollMs * (0.75 + Math.random() / 2)));
  }

  /** Has tasks made until nothing is left to make them of, and waits until there may be something again. */
  async #derive(signal: AbortSignal): Promise<void> {
    for (const source of this.#options.sources) {
      while (!signal.aborted && (await source.derive()) > 0) {
        // Everybody may help with what was made.
        this.#toClaim.nudge();
        this.#waker.wake();
      }
    }
    await sleep(DERIVE_PAUSE_MS, undefined, { signal, ref: false }).catch(() => {});
    await this.#toDerive.wait(this.#pollMs);
  }

  get #slotsFree(): number {
    return this.#concurrency - this.#attempts.running;
  }

  /** Looks again when what has just failed is due; what is due later than the next poll is found by that. */
  #claimIn(ms: number): void {
    if (ms <= this.#pollMs * 2) setTimeout(() => this.#toClaim.nudge(), ms + 1).unref();
  }
}

/**
 * Attempts mostly wait for another service, so they may be many more than there are cores; and the warehouse settles together
 * what it is asked at the same time. With 16, one worker and one warehouse dispatched half as much (figure P16 of the bench).
 */
const CONCURRENCY = 64;

/** For what nobody was woken for: back-offs and leases that end, and notifications that were lost. */
const POLL_MS = 1_000;

/** While much happens it becomes tasks in larger sets, and leaves the processor to whoever makes it happen. */
const DERIVE_PAUSE_MS = 200;

/** Less than the ten seconds that a process has to stop. */
const GRACE_MS = 8_000;
