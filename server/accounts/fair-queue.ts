import { Fault } from "../../shared/faults.ts";

/**
 * Does costly work a few pieces at a time, and callers wait turn by turn: each gets one piece done before anybody gets a
 * second, so that a caller with a hundred requests holds up another by one piece. Beyond `waitingMax` the last request
 * of whoever has most in line is refused, so that a crowd from one place takes nobody else's place.
 *
 * @throws Fault OVERLOADED for who is refused, and at its turn for who has waited for longer than `waitMsMax`
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #now: () => number;
  /** Who waits, by caller, in the order of their next turns. */
  readonly #lines = new Map<string, Waiting[]>();
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
    this.#lines.set(caller, [...(this.#lines.get(caller) ?? []), waiting]);
    this.#waiting++;
    if (this.#waiting > this.#options.waitingMax) this.#refuseOfLongest();
    return waiting.promise;
  }

  /** The first of the line whose turn it is; that line's next turn comes after all others'. */
  #next(): Waiting | undefined {
    for (const [caller, [first, ...others]] of this.#lines) {
      this.#lines.delete(caller);
      if (others.length > 0) this.#lines.set(caller, others);
      if (!first) continue;
      this.#waiting--;
      if (this.#now() - first.sinceMs <= this.#options.waitMsMax) return first;
      this.#refuse(first);
    }
    return undefined;
  }

  #refuseOfLongest(): void {
    let longest: [caller: string, line: Waiting[]] | undefined;
    // Of equally long ones the last, so that who comes anew is refused where everybody waits for one piece.
    for (const entry of this.#lines) if (!longest || entry[1].length >= longest[1].length) longest = entry;
    if (!longest) return;
    const [caller, line] = longest;
    const last = line.pop();
    if (line.length === 0) this.#lines.delete(caller);
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
  /** Requests in line, of everybody together. */
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
