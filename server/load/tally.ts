import type { Answer } from "./answer-reader.ts";
import { Latencies } from "./latencies.ts";

/** What the answers of a time were, and how long they took. */
export class Tally {
  readonly latencies = new Latencies();
  readonly #statuses: Record<number, number> = {};
  readonly #samples: string[] = [];
  #purchased = 0;
  #refused = 0;
  lost = 0;

  /** @returns whether it decides: a purchase or a refusal */
  add({ status, body }: Answer, ms: number): boolean {
    this.latencies.add(ms);
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    const isPurchase = status === 200 && body.includes('"outcome":"purchased"');
    const isRefusal = status === 200 && body.includes('"outcome":"refused"');
    if (isPurchase) this.#purchased += 1;
    else if (isRefusal) this.#refused += 1;
    else if (this.#samples.length < SAMPLES_MAX) this.#samples.push(`${status} ${body.slice(0, SAMPLE_LENGTH_MAX)}`);
    return isPurchase || isRefusal;
  }

  counts(): TallyCounts {
    const { latencies } = this;
    return {
      answers: latencies.count,
      purchased: this.#purchased,
      refused: this.#refused,
      statuses: this.#statuses,
      samples: this.#samples,
      lost: this.lost,
      p50Ms: latencies.quantileMs(0.5),
      p99Ms: latencies.quantileMs(0.99),
      maxMs: latencies.maxMs,
    };
  }
}

export interface TallyCounts {
  readonly answers: number;
  readonly purchased: number;
  readonly refused: number;
  /** Answers by HTTP status. */
  readonly statuses: Readonly<Record<number, number>>;
  /** The first few that were neither a purchase nor a refusal, to be shown to a person. */
  readonly samples: readonly string[];
  /** Requests whose connection ended before the answer. */
  readonly lost: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const SAMPLES_MAX = 3;
const SAMPLE_LENGTH_MAX = 300;
