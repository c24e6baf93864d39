import type { FaultCode } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { RefusalCode } from "../../shared/refusals.ts";
import type { CrowdResult } from "../../shared/rehearsals.ts";
import { Latencies } from "../load/latencies.ts";
import type { Undecided } from "./read-decision.ts";
import { Timeline } from "./timeline.ts";

/** What buyers did and heard: the crowd's own books, to be held against the shop's. */
export class CrowdRecord {
  readonly #timeline: Timeline;
  readonly #latencies = new Latencies();
  readonly #refusals: Partial<Record<RefusalCode, number>> = {};
  readonly #faults: Partial<Record<FaultCode, number>> = {};
  readonly #counts = {
    clicks: 0,
    requests: 0,
    answers: 0,
    purchased: 0,
    unitsBought: 0,
    paidCents: 0,
    doubleClicks: 0,
    lostAnswers: 0,
    resolved: 0,
    unresolved: 0,
    contradictions: 0,
  };

  /** @param openedAt in `performance.now()` */
  constructor(openedAt: number) {
    this.#timeline = new Timeline({ openedAt });
  }

  clicked({ isDouble }: { readonly isDouble: boolean }): void {
    this.#counts.clicks += 1;
    if (isDouble) this.#counts.doubleClicks += 1;
  }

  sent(): void {
    this.#counts.requests += 1;
    this.#timeline.sent();
  }

  /** @param ms since it was due */
  answered(decision: PurchaseResult | Undecided, ms: number): void {
    this.#counts.answers += 1;
    this.#latencies.add(ms);
    if (decision.outcome === "undecided") count(this.#faults, decision.code);
    this.#timeline.answered(decision.outcome === "undecided" ? "faults" : decision.outcome, ms);
  }

  lost(): void {
    this.#counts.lostAnswers += 1;
  }

  /** How a click ended, for each of its senders. @returns what was decided */
  decided(ends: readonly ClickEnd[]): PurchaseResult | undefined {
    const [first, ...others] = ends.flatMap(({ decision }) => decision ?? []);
    if (!first) {
      if (ends.some(({ isUnresolved }) => isUnresolved)) this.#counts.unresolved += 1;
      return undefined;
    }
    if (ends.some(({ wasLost }) => wasLost)) this.#counts.resolved += 1;
    if (others.some((other) => identityOf(other) !== identityOf(first))) this.#counts.contradictions += 1;
    if (first.outcome === "purchased") {
      this.#counts.purchased += 1;
      this.#counts.unitsBought += first.quantity;
      this.#counts.paidCents += first.amountCents;
    } else count(this.#refusals, first.code);
    return first;
  }

  /** As it stands. */
  get answers(): number {
    return this.#counts.answers;
  }

  get unitsBought(): number {
    return this.#counts.unitsBought;
  }

  result(): CrowdResult {
    return {
      ...this.#counts,
      refusals: this.#refusals,
      faults: this.#faults,
      p50Ms: this.#latencies.quantileMs(0.5),
      p99Ms: this.#latencies.quantileMs(0.99),
      maxMs: this.#latencies.count === 0 ? 0 : this.#latencies.maxMs,
      points: this.#timeline.points(),
    };
  }
}

/** How the tries of one sender ended. */
export interface ClickEnd {
  readonly decision: PurchaseResult | undefined;
  /** Whether an answer was lost on the way. */
  readonly wasLost: boolean;
  /** Without a decision: whether it may have happened. */
  readonly isUnresolved?: boolean;
}

/** Two answers to one key are the same decision, whether it was replayed or not. */
function identityOf(result: PurchaseResult): string {
  return result.outcome === "purchased" ? `purchased ${result.purchaseId}` : `refused ${result.code}`;
}

function count<Code extends string>(counts: Partial<Record<Code, number>>, code: Code): void {
  counts[code] = (counts[code] ?? 0) + 1;
}
