import { type Lock, Queues, type QueuesOptions } from "./queues.ts";
import { UnderWay } from "./under-way.ts";

/**
 * Many requests, few transactions: those that come while one is under way wait, and the next one settles all of them.
 *
 *     ask ──▶ queue ──▶ batch (at most batchMax) ──▶ settle ──▶ answers
 *               ▲                                      │
 *               └──────── locked by another session ◀──┘
 *
 * - A request that finds everything idle is settled at once; no timer delays anybody. `queues.ts` says who is settled
 *   together.
 * - Who has waited for too long is turned away before any work is done for them.
 * - A batch that fails because of one of its requests is split in halves, in order, down to the one that is at fault.
 */
export class Batcher<Request, Answer> {
  readonly #options: BatcherOptions<Request, Answer>;
  readonly #queues: Queues<Entry<Request, Answer>>;
  readonly #unanswered = new UnderWay();
  #sweeper: NodeJS.Timeout | undefined;
  #arrivals = 0;
  #isDue = false;
  #batchMs = 0;

  constructor(options: BatcherOptions<Request, Answer>) {
    const { sizeOf = () => 1 } = options;
    this.#options = options;
    this.#queues = new Queues({
      ...options,
      isBefore: (one, other) => one.place < other.place,
      sizeOf: ({ request }) => sizeOf(request),
    });
  }

  /** Resolves to what `settle` answers, rejects with what it throws for this one, or for being late. */
  ask(request: Request, queueId = 0): Promise<Answer> {
    const { late, gathers } = this.#options;
    const answer = Promise.withResolvers<Answer>();
    this.#unanswered.begin();
    if (late) this.#sweeper ??= setInterval(() => this.#sweep(late), SWEEP_INTERVAL_MS).unref();
    this.#queues.add(queueId, { request, queueId, answer, enteredAt: performance.now(), place: this.#arrivals++ });
    if (!gathers) this.#work();
    else if (!this.#isDue) {
      this.#isDue = true;
      setImmediate(() => {
        this.#isDue = false;
        this.#work();
      });
    }
    return answer.promise;
  }

  /** How many wait in which way. */
  get queues(): Pick<Queues<unknown>, "size" | "waiting" | "longest" | "lengthOf"> {
    return this.#queues;
  }

  /** How long a request that came now would wait in its queue, in milliseconds, going by the last batch. */
  waitMs(queueId: number): number {
    return this.#batchMs * (Math.ceil(this.#queues.lengthOf(queueId) / this.#options.batchMax) + 1);
  }

  /** Resolves when all are answered. Who calls it has to take no more in. */
  async drain(): Promise<void> {
    await this.#unanswered.drain();
    clearInterval(this.#sweeper);
  }

  /** Begins every batch that may begin now. */
  #work(): void {
    for (let batch = this.#queues.take(); batch; batch = this.#queues.take()) void this.#settleBatch(batch);
  }

  async #settleBatch(batch: Taken<Request, Answer>): Promise<void> {
    const startedAt = performance.now();
    const timer = setTimeout(() => {
      this.#queues.overdue(batch);
      this.#work();
    }, OVERDUE_MS);
    const onDecided = () => {
      this.#queues.decided(batch);
      this.#work();
    };
    await this.#settle(batch.entries.sort(byArrival), { lock: batch.lock, onDecided });
    clearTimeout(timer);
    this.#batchMs = performance.now() - startedAt;
    this.#queues.done(batch);
    this.#work();
  }

  /** Never rejects. */
  async #settle(entries: Entry<Request, Answer>[], how: HowToSettle): Promise<void> {
    try {
      const outcomes = await this.#options.settle(
        entries.map(({ request }) => request),
        how,
      );
      this.#tell(entries, outcomes);
    } catch (error) {
      if (entries.length > 1 && this.#options.isOfOne(error)) {
        const half = Math.ceil(entries.length / 2);
        await this.#settle(entries.slice(0, half), how);
        await this.#settle(entries.slice(half), how);
      } else {
        for (const entry of entries) this.#fail(entry, error);
      }
    }
  }

  #tell(entries: readonly Entry<Request, Answer>[], outcomes: readonly Outcome<Answer>[]): void {
    const answered: [Entry<Request, Answer>, Answer | Error | undefined][] = [];
    for (const [index, entry] of entries.entries()) {
      const outcome = outcomes[index];
      if (outcome instanceof Locked) this.#comeBack(entry, outcome);
      else answered.push([entry, outcome]);
    }
    this.#answer(answered);
  }

  #comeBack(entry: Entry<Request, Answer>, { queueId, pauseMs }: Locked): void {
    entry.queueId = queueId;
    if (pauseMs === undefined) {
      this.#queues.addAgain(queueId, entry, { isContended: true });
      return;
    }
    setTimeout(() => {
      this.#queues.addAgain(queueId, entry, { isContended: false });
      this.#work();
    }, pauseMs);
  }

  /**
   * Answers a few at a turn of the event loop. To write a batch's answers takes longer than anything else here, and so the
   * next batch is on its way before, and the database is heard in between.
   */
  #answer(answered: readonly [Entry<Request, Answer>, Answer | Error | undefined][], from = 0): void {
    setImmediate(() => {
      const to = from + ANSWERS_PER_TURN;
      for (const [entry, answer] of answered.slice(from, to)) {
        if (answer === undefined || answer instanceof Error) this.#fail(entry, answer);
        else {
          this.#unanswered.end();
          entry.answer.resolve(answer);
        }
      }
      if (to < answered.length) this.#answer(answered, to);
    });
  }

  #fail(entry: Entry<Request, Answer>, error: unknown): void {
    this.#unanswered.end();
    entry.answer.reject(error);
  }

  /** Turns away those who have waited too long behind a transaction that does not come to its end. */
  #sweep({ afterMs, errorOf }: Late): void {
    const oldest = performance.now() - afterMs;
    for (const entry of this.#queues.drop(({ enteredAt }) => enteredAt < oldest)) {
      this.#fail(entry, errorOf(entry.queueId));
    }
  }
}

export interface BatcherOptions<Request, Answer> extends Omit<QueuesOptions<Request>, "isBefore"> {
  /**
   * Settles requests in one transaction, in the order of arrival.
   *
   * @returns their outcomes in that order
   */
  readonly settle: (requests: Request[], how: HowToSettle) => Promise<readonly Outcome<Answer>[]>;
  /** Whether an error is due to a single request, so that the others may succeed without it. */
  readonly isOfOne: (error: unknown) => boolean;
  /** Whether to begin at the end of this turn of the event loop, so that those who come together are settled together. */
  readonly gathers?: boolean;
  /** How long a request waits in its queue at most, and what it is told then; by default for ever. */
  readonly late?: Late;
}

export interface Late {
  readonly afterMs: number;
  readonly errorOf: (queueId: number) => Error;
}

export interface HowToSettle {
  readonly lock: Lock;
  /** To be called when the decision is on its way to the disk: the next batch of a crowd may begin. */
  readonly onDecided: () => void;
}

/** An error is of this request alone. */
export type Outcome<Answer> = Answer | Error | Locked;

/** Another session has locked something of its: it comes back, at once and to wait for the lock, or else after a pause. */
export class Locked {
  readonly queueId: number;
  readonly pauseMs: number | undefined;

  constructor(queueId: number, pauseMs?: number) {
    this.queueId = queueId;
    this.pauseMs = pauseMs;
  }
}

interface Entry<Request, Answer> {
  readonly request: Request;
  queueId: number;
  readonly answer: PromiseWithResolvers<Answer>;
  readonly enteredAt: number;
  /** In the order of arrival. */
  readonly place: number;
}

type Taken<Request, Answer> = NonNullable<ReturnType<Queues<Entry<Request, Answer>>["take"]>>;

/** Which is the order to decide in, whatever queues they come from. */
function byArrival(a: { place: number }, b: { place: number }): number {
  return a.place - b.place;
}

/** Several times what a batch of small queues takes on a slow machine: this one's connection or disk stands still. */
const OVERDUE_MS = 100;

/** Some 2 ms of work. With 16, a thousand items sold 7,783 units a second instead of 8,824. */
const ANSWERS_PER_TURN = 64;

/** How exact the time in a queue is kept. */
const SWEEP_INTERVAL_MS = 250;
