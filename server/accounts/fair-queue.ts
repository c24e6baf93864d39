import { Fault } from "../../shared/faults.ts";

/**
 * Does costly work a few pieces at a time, and callers wait turn by turn: each gets one piece done before anybody gets a
 * second, so that a caller with a hundred requests holds up another by one piece. Beyond `waitingMax` the last request
 * of whoever has most waiting is refused, so that a crowd from one network pushes nobody else out.
 *
 * @throws Fault OVERLOADED for who is refused, and at its turn for who has waited for longer than `waitMsMax`
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #now: () => number;
  /** Who waits, by caller, in the order of their next turns. */
  readonly #queues = new Map<string, Waiting[]>();
  #waiting = 0;
  #atWork = 0;

  constructor(options: FairQueueOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** @param caller whose turn it takes */
  async run<T>(caller: string, work: () => Promise<T>): Promise<T> {
    if (this.#atWork < this.#options.atOnceMax) this.#atWork++;
    else await this.#turnOf(caller);
    try {
      return await work();
    } finally {
      const next = this.#next();
      if (next) next.resolve();
      else this.#atWork--;
    }
  }

  #turnOf(caller: string): Promise<void> {
    const waiting = { ...Promise.withResolvers<void>(), sinceMs: this.#now() };
    this.#queues.set(caller, [...(this.#queues.get(caller) ?? []), waiting]);
    this.#waiting++;
    if (this.#waiting > this.#options.waitingMax) this.#refuseOfLongest();
    return waiting.promise;
  }

  /** The first of the caller whose turn it is; that caller's next turn comes after all others'. */
  #next(): Waiting | undefined {
    for (const [caller, [first, ...others]] of this.#queues) {
      this.#queues.delete(caller);
      if (others.length > 0) this.#queues.set(caller, others);
      if (!first) continue;
      this.#waiting--;
      if (this.#now() - first.sinceMs <= this.#options.waitMsMax) return first;
      this.#refuse(first);
    }
    return undefined;
  }

  #refuseOfLongest(): void {
    let longest: [caller: string, queue: Waiting[]] | undefined;
    // Of equally long ones the last, so that who comes anew is refused where everybody waits for one piece.
    for (const entry of this.#queues) if (!longest || entry[1].length >= longest[1].length) longest = entry;
    if (!longest) return;
    const [caller, queue] = longest;
    const last = queue.pop();
    if (queue.length === 0) this.#queues.delete(caller);
    this.#waiting--;
    if (last) this.#refuse(last);
  }

  #refuse(waiting: Waiting): void {
    const { refusal, retryAfterMs } = this.#options;
    waiting.reject(new Fault("OVERLOADED", refusal, { retryAfterMs }));
  }
}

export interface FairQueueOptions {
  /** Pieces of work that are done at the same time. */
  readonly atOnceMax: number;
  /** Of all callers. */
  readonly waitingMax: number;
  readonly waitMsMax: number;
  /** What the refused are told. */
  readonly refusal: string;
  readonly retryAfterMs: number;
  readonly now?: () => number;
}

interface Waiting extends Omit<PromiseWithResolvers<void>, "promise"> {
  readonly sinceMs: number;
}
