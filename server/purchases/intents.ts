import type { PurchaseResult } from "../../shared/purchases.ts";
import { fingerprintOf, scopedKey } from "./decide.ts";
import type { BuyRequest } from "./facts.ts";
import { isStored } from "./stored-result.ts";

/** A request that has not been answered yet. */
export interface Intent {
  /** Tells it from all others: see `intentKey`. */
  readonly key: string;
  readonly request: BuyRequest;
  readonly answer: PromiseWithResolvers<PurchaseResult>;
  readonly enteredAt: number;
  /** When its wallet was first found locked. */
  lockedSince?: number;
  pauses: number;
}

/** Who asks for what under which key: two requests with the same one want the same answer. */
export function intentKey(input: Omit<BuyRequest, "id">): string {
  return `${scopedKey(input.userId, input.idempotencyKey)} ${fingerprintOf(input)}`;
}

/** All requests that are in line or being settled. One that repeats another joins it, and gets its answer as a replay. */
export class Intents {
  readonly #unanswered = new Map<string, Intent>();
  #joined = 0;
  #onAllAnswered: (() => void) | undefined;

  /** Requests that wait for the answer to another one with their key. */
  get joined(): number {
    return this.#joined;
  }

  has(key: string): boolean {
    return this.#unanswered.has(key);
  }

  add(key: string, request: BuyRequest): Intent {
    const intent = {
      key,
      request,
      answer: Promise.withResolvers<PurchaseResult>(),
      enteredAt: performance.now(),
      pauses: 0,
    };
    this.#unanswered.set(key, intent);
    return intent;
  }

  /** The answer to the same request, once it is there; undefined when there is none to join. */
  join(key: string): Promise<PurchaseResult> | undefined {
    const same = this.#unanswered.get(key);
    return same && this.#replayOf(same);
  }

  answer(intent: Intent, result: PurchaseResult): void {
    this.#forget(intent);
    intent.answer.resolve(result);
  }

  fail(intent: Intent, error: unknown): void {
    this.#forget(intent);
    intent.answer.reject(error);
  }

  async allAnswered(): Promise<void> {
    if (this.#unanswered.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#onAllAnswered = resolve;
    });
  }

  async #replayOf(intent: Intent): Promise<PurchaseResult> {
    this.#joined += 1;
    try {
      return asReplay(await intent.answer.promise);
    } finally {
      this.#joined -= 1;
    }
  }

  #forget(intent: Intent): void {
    this.#unanswered.delete(intent.key);
    if (this.#unanswered.size === 0) this.#onAllAnswered?.();
  }
}

/** What a request is answered that came while the first one with its key was decided. */
function asReplay(result: PurchaseResult): PurchaseResult {
  return { ...result, replayed: isStored(result) };
}
