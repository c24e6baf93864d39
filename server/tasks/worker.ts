import type { Database } from "../database/database.ts";
import { channelName, type Listener, listen } from "../database/listen.ts";
import { Attempts } from "./attempts.ts";
import { type Claim, claimTasks } from "./claim.ts";
import { deriveTasks } from "./derive.ts";
import type { TaskHandlers, TaskObserver, TaskSource } from "./handler.ts";
import type { HeldTask } from "./held-task.ts";
import { KindPlaces } from "./kind-places.ts";
import { Nudge } from "./nudge.ts";
import { pauseAfter } from "./persist.ts";
import { Trouble } from "./trouble.ts";
import { createWaker, tasksChannel } from "./waker.ts";

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
  /** Told once about a trouble that lasts. */
  readonly onError: (error: unknown) => void;
}

export interface Worker {
  /** Settles when it hears at once that there is something to do; until then it looks regularly. */
  readonly listening: Promise<void>;
  /**
   * Claims nothing more, waits until what is under way has ended, at most for the grace time, and gives the rest back, so
   * that nobody has to wait for the leases to end. Safe to call twice.
   */
  close(): Promise<void>;
}

/**
 * Works tasks off, a bounded number at a time. Any number of workers may run, in any number of processes.
 *
 * It claims as many as it has places free, and again as soon as places are free while there may be more; otherwise it
 * waits until it is woken, until the next poll, or until the back-off of something that it failed is over. A database
 * that is away is tried again after growing pauses.
 */
export function startWorker(options: WorkerOptions): Worker {
  return new TaskWorker(options);
}

class TaskWorker implements Worker {
  readonly listening: Promise<void>;
  readonly #options: WorkerOptions;
  readonly #concurrency: number;
  readonly #attempts: Attempts;
  readonly #kinds: KindPlaces;
  readonly #listener: Listener;
  readonly #deriving: { soon(): void; close(): Promise<void> };
  readonly #waker: { wake(): void; close(): Promise<void> };
  readonly #nudge = new Nudge();
  readonly #closing = new AbortController();
  readonly #working: Promise<void>;
  /** Whether more may be due than there were places for. */
  #isWaitingForPlace = false;
  #closed: Promise<void> | undefined;

  constructor(options: WorkerOptions) {
    const { database, databaseUrl, schema, handlers, sources, onError } = options;
    this.#options = options;
    this.#concurrency = options.concurrency ?? CONCURRENCY;
    this.#attempts = new Attempts(options);
    this.#kinds = new KindPlaces(handlers);
    this.#waker = createWaker(database, { schema, onError });
    this.#deriving = deriveTasks(sources, {
      everyMs: options.pollMs ?? POLL_MS,
      onError,
      // Everybody may help with what was made.
      onMade: () => {
        this.#nudge.nudge();
        this.#waker.wake();
      },
    });
    const own = tasksChannel(schema);
    const hear = (channel: string) => (channel === own ? this.#nudge.nudge() : this.#deriving.soon());
    const hearAll = () => {
      this.#nudge.nudge();
      this.#deriving.soon();
    };
    const channels = new Set(sources.map(({ channel }) => channelName(schema, channel)));
    this.#listener = listen(databaseUrl, [own, ...channels], hear, hearAll);
    this.listening = this.#listener.ready;
    this.#working = this.#work();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    this.#nudge.nudge();
    await Promise.all([this.#working, this.#deriving.close()]);
    await this.#attempts.close(this.#options.graceMs ?? GRACE_MS);
    await Promise.all([this.#waker.close(), this.#listener.close()]);
  }

  async #work(): Promise<void> {
    const { onError, pollMs = POLL_MS } = this.#options;
    const trouble = new Trouble(onError);
    while (!this.#closing.signal.aborted) {
      try {
        const { mayBeMore, pausedMs } = await this.#claim();
        trouble.over();
        if (mayBeMore && this.#placesFree > 0) continue;
        // When more may be due, the next place that is free ends the wait.
        await this.#nudge.wait(Math.min(pausedMs, pollMs * (0.75 + Math.random() / 2)));
      } catch (error) {
        await pauseAfter(trouble.met(error), this.#closing.signal);
      }
    }
  }

  /** Claims for places that are free. */
  async #claim(): Promise<{ mayBeMore: boolean; pausedMs: number }> {
    const placesMax = Math.min(this.#placesFree, Math.ceil(this.#concurrency / 2));
    const { wanted, pausedMs } = this.#kinds.wanted(placesMax);
    this.#isWaitingForPlace = placesMax === 0;
    if (wanted.length === 0) return { mayBeMore: placesMax === 0, pausedMs };
    const { database, instance: worker, observer } = this.#options;
    const claim = await claimTasks(database, { worker, wanted, placesMax });
    for (const kind of claim.recovered) observer?.recovered?.(kind, 1);
    for (const task of claim.tasks) this.#run(task, claim);
    const mayBeMore = claim.count >= Math.min(placesMax, Math.max(...wanted.map(({ places }) => places)));
    this.#isWaitingForPlace = mayBeMore;
    return { mayBeMore, pausedMs };
  }

  #run(task: HeldTask, { askedAtMs }: Claim): void {
    this.#kinds.started(task.kind);
    void this.#attempts.run(task, { heldSinceMs: askedAtMs }).then((end) => {
      const mayTakeMore = this.#kinds.ended(task.kind, end);
      if (end.delayMs !== null) this.#nudgeIn(end.delayMs);
      if (this.#isWaitingForPlace || mayTakeMore) this.#nudge.nudge();
    });
  }

  get #placesFree(): number {
    return this.#concurrency - this.#attempts.running;
  }

  /** Looks again when what has just failed is due; what is due later than the next poll is found by that. */
  #nudgeIn(ms: number): void {
    if (ms > (this.#options.pollMs ?? POLL_MS) * 2) return;
    setTimeout(() => this.#nudge.nudge(), ms + 1).unref();
  }
}

/**
 * Attempts mostly wait for another service, so they may be many more than there are cores; and the warehouse settles together
 * what it is asked at the same time. With 16, one worker and one warehouse dispatched half as much (figure P16 of the bench).
 */
const CONCURRENCY = 64;

/** For what nobody was woken for: back-offs and leases that end, and notifications that were lost. */
const POLL_MS = 1_000;

/** Less than the ten seconds that a process has to stop. */
const GRACE_MS = 8_000;
