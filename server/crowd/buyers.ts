import type { RefusalCode } from "../../shared/refusals.ts";
import type { Crowd } from "../../shared/rehearsals.ts";
import { requestOf } from "../load/requests.ts";
import { type ClickWorld, click } from "./click.ts";
import { pause } from "./pause.ts";

/** What those who buy work with. */
export interface Buying extends ClickWorld {
  readonly temper: Crowd;
  /** The buyers' first, then the bots'. */
  readonly credentials: readonly string[];
  readonly items: readonly CrowdItem[];
  readonly host: string;
}

/** Each is wanted in proportion to its units. */
export interface CrowdItem {
  readonly itemId: number;
  readonly units: number;
}

/** Wants one item, and where it is refused another one, as often as the temper says. */
export async function beBuyer(crowd: Buying, index: number, arrivedAt: number): Promise<void> {
  const { temper, items, random, over } = crowd;
  const first = drawItem(items, random());
  for (let attempt = 0, dueAt = arrivedAt; !over.aborted; attempt++, dueAt = performance.now()) {
    const isDouble = random() * 100 < temper.doubleClickPercent;
    const request = requestBy(crowd, index, items[(first + attempt) % items.length]);
    const result = await click(crowd, { request, isDouble, dueAt });
    if (result?.outcome !== "refused" || attempt === temper.retries) return;
    await pause(CLICKS_AGAIN_MS * (0.5 + random()), over);
  }
}

/** A person who was refused looks, and clicks again. */
const CLICKS_AGAIN_MS = 1_000;

/** Clicks on, whatever it hears, until there is nothing to be had any more or the buyers are done. */
export async function beBot(crowd: Buying, index: number, buyersDone: AbortSignal): Promise<void> {
  const { items, over } = crowd;
  const gone = new Set<number>();
  for (let next = index; gone.size < items.length && !buyersDone.aborted && !over.aborted; next++) {
    const at = next % items.length;
    const request = requestBy(crowd, index, items[at]);
    const result = await click(crowd, { request, isDouble: false, dueAt: performance.now() });
    if (result?.outcome === "refused" && GONE.has(result.code)) gone.add(at);
    // One that was not answered would be back at once.
    if (!result) await pause(BOT_PAUSE_MS, over);
  }
}

const GONE: ReadonlySet<RefusalCode> = new Set([
  "OUT_OF_STOCK",
  "SALE_ENDED",
  "SALE_CANCELLED",
  "LIMIT_REACHED",
  "SALE_LIMIT_REACHED",
  "INSUFFICIENT_BALANCE",
]);

const BOT_PAUSE_MS = 50;

function requestBy({ host, credentials, temper }: Buying, index: number, item: CrowdItem | undefined) {
  const credential = credentials[index];
  if (credential === undefined || !item) throw new Error(`the crowd has no buyer ${index}, or nothing to buy`);
  const purchase = {
    procedure: "purchases.buy",
    host,
    credential,
    itemId: item.itemId,
    quantity: temper.unitsEach,
  };
  return (key: string) => requestOf(purchase, key);
}

/** @param share from 0 up to, but not including, 1 */
function drawItem(items: readonly CrowdItem[], share: number): number {
  let left = share * items.reduce((sum, { units }) => sum + units, 0);
  for (const [index, { units }] of items.entries()) {
    if (left < units) return index;
    left -= units;
  }
  return 0;
}
