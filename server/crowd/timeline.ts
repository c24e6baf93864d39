import type { RehearsalPoint } from "../../shared/rehearsals.ts";
import { Latencies } from "../load/latencies.ts";

/** What was answered, second by second after the opening. Answers come in the order of time. */
export class Timeline {
  readonly #now: () => number;
  readonly #openedAt: number;
  readonly #points: RehearsalPoint[] = [];
  #current = newCounts();
  #second = 0;

  /** @param options.openedAt in what `now` answers, ms */
  constructor({ openedAt, now = () => performance.now() }: { readonly openedAt: number; readonly now?: () => number }) {
    this.#openedAt = openedAt;
    this.#now = now;
  }

  sent(): void {
    this.#at().sent += 1;
  }

  answered(kind: "purchased" | "refused" | "faults", ms: number): void {
    const counts = this.#at();
    counts[kind] += 1;
    counts.latencies.add(ms);
  }

  /** Up to now. */
  points(): RehearsalPoint[] {
    this.#at();
    return [...this.#points, pointOf(this.#second, this.#current)];
  }

  #at(): Counts {
    const second = Math.max(0, Math.floor((this.#now() - this.#openedAt) / 1_000));
    for (; this.#second < second; this.#second++) {
      this.#points.push(pointOf(this.#second, this.#current));
      this.#current = newCounts();
    }
    return this.#current;
  }
}

type Counts = ReturnType<typeof newCounts>;

function newCounts() {
  return { sent: 0, purchased: 0, refused: 0, faults: 0, latencies: new Latencies() };
}

function pointOf(second: number, { latencies, ...counts }: Counts): RehearsalPoint {
  return { second, ...counts, p50Ms: latencies.quantileMs(0.5), p99Ms: latencies.quantileMs(0.99) };
}
