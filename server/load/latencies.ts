import { createHistogram } from "node:perf_hooks";

/** Times in ms, in Node's HDR histogram of microseconds: any quantile is right to a thousandth, however many there are. */
export class Latencies {
  readonly #histogram = createHistogram({ figures: 3 });

  static of(times: readonly number[]): Latencies {
    const latencies = new Latencies();
    for (const ms of times) latencies.add(ms);
    return latencies;
  }

  add(ms: number): void {
    this.#histogram.record(Math.max(1, Math.round(ms * US_PER_MS)));
  }

  get count(): number {
    return this.#histogram.count;
  }

  get maxMs(): number {
    return this.#histogram.max / US_PER_MS;
  }

  /** The time within which that share of all were done; 0 when there were none. */
  quantileMs(share: number): number {
    return this.#histogram.percentile(share * 100) / US_PER_MS;
  }
}

const US_PER_MS = 1_000;
