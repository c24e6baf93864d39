import { setTimeout as sleep } from "node:timers/promises";
import { type BackOff, backOffMs } from "../../shared/back-off.ts";
import { FAULTS } from "../../shared/faults.ts";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Connections } from "./connections.ts";
import type { ClickEnd, CrowdRecord } from "./crowd-record.ts";
import { readDecision } from "./read-decision.ts";

/** What a click needs of the crowd that it belongs to. */
export interface ClickWorld {
  readonly connections: Pick<Connections, "request">;
  readonly record: CrowdRecord;
  /** From 0 up to, but not including, 1. */
  readonly random: () => number;
  /** The share of requests whose answer is lost. */
  readonly lostShare: number;
  /** Aborted when no more is wanted: what is not known to have happened is not asked for any more. */
  readonly over: AbortSignal;
  /** Aborted when nothing is waited for any more. */
  readonly ended: AbortSignal;
}

/**
 * Buys as the SDK does: one key for the click, sent again until it is decided. Resolves with the decision, or with undefined
 * when there was none in time.
 *
 * @param request makes the request with a key
 * @param dueAt when it was clicked, in `performance.now()`
 */
export async function click(
  world: ClickWorld,
  { request, isDouble, dueAt }: { request: (key: string) => string; isDouble: boolean; dueAt: number },
): Promise<PurchaseResult | undefined> {
  const text = request(crypto.randomUUID());
  const { record } = world;
  record.clicked({ isDouble });
  if (!isDouble) return record.decided([await untilDecided(world, text, dueAt)]);
  return record.decided(await Promise.all([untilDecided(world, text, dueAt), untilDecided(world, text, dueAt)]));
}

async function untilDecided(world: ClickWorld, text: string, clickedAt: number): Promise<ClickEnd> {
  const { connections, record, random, lostShare, over, ended } = world;
  let wasLost = false;
  let isOpen = false;
  for (let tries = 1, dueAt = clickedAt; ; tries++, dueAt = performance.now()) {
    const dropAfterMs = random() < lostShare ? random() * LOST_WITHIN_MS : undefined;
    record.sent();
    const answer = await connections.request(text, { dropAfterMs });
    let retryAfterMs = 0;
    if (answer) {
      const decision = readDecision(answer);
      record.answered(decision, performance.now() - dueAt);
      if (decision.outcome !== "undecided") return { decision, wasLost };
      isOpen ||= "leavesOpen" in FAULTS[decision.code];
      if (!decision.retryable) return { decision: undefined, wasLost, isUnresolved: isOpen };
      retryAfterMs = decision.retryAfterMs;
    } else {
      if (dropAfterMs !== undefined) record.lost();
      wasLost = true;
      isOpen = true;
    }
    await sleep(retryAfterMs + backOffMs(tries, PAUSE, random), undefined, { signal: isOpen ? ended : over }).catch(
      () => {},
    );
    if (ended.aborted || (over.aborted && !isOpen)) return { decision: undefined, wasLost, isUnresolved: isOpen };
  }
}

/** The SDK's. */
const PAUSE: BackOff = { minMs: 250, maxMs: 5_000, jitter: 1 };

/** Some connections are lost before the request is read, some while it is decided, some with the answer. */
const LOST_WITHIN_MS = 100;
