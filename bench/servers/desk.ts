import { readFile } from "node:fs/promises";
import type { MintedToken } from "../../server/accounts/mint-tokens.ts";
import { openDatabase } from "../../server/database/database.ts";
import { PurchaseDesk } from "../../server/purchases/combine.ts";
import { onParentGone, tell, telling } from "../stage/parent.ts";

/** A process that settles purchases with nothing before it: no HTTP, no sessions, no limits. Told by `DeskRun`. */
const { DATABASE_URL = "", DATABASE_SCHEMA = "", BENCH_BUYERS = "" } = process.env;
const buyers: MintedToken[] = JSON.parse(await readFile(BENCH_BUYERS, "utf8"));
const database = await openDatabase({ url: DATABASE_URL, schema: DATABASE_SCHEMA, poolSize: 10 });
const desk = new PurchaseDesk(database);

onParentGone(async () => {
  await desk.close();
  await database.close();
});
process.on("message", (message: DeskRun) => telling(async () => ({ kind: "result", result: await run(message) })));
tell({ kind: "ready" });

/** As many as `inFlight` buy at any time, each again as soon as it is answered. */
async function run({ itemId, inFlight, warmUpMs, ms }: DeskRun): Promise<DeskResult> {
  const startsAt = performance.now() + warmUpMs;
  const endsAt = startsAt + ms;
  setTimeout(() => tell({ kind: "counting" }), warmUpMs);
  setTimeout(() => tell({ kind: "counted" }), warmUpMs + ms);
  let purchases = 0;
  const buyer = async () => {
    for (let now = performance.now(); now < endsAt; ) {
      const userId = buyers[Math.floor(Math.random() * buyers.length)]?.userId ?? "";
      const { outcome } = await desk.buy({ userId, itemId, quantity: 1, idempotencyKey: crypto.randomUUID() });
      if (outcome !== "purchased") throw new Error(`a purchase was ${outcome}`);
      now = performance.now();
      if (now >= startsAt && now < endsAt) purchases += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, buyer));
  return { purchases, perSecond: (purchases / ms) * 1_000 };
}

export interface DeskRun {
  readonly itemId: number;
  readonly inFlight: number;
  /** Not counted. */
  readonly warmUpMs: number;
  readonly ms: number;
}

export interface DeskResult {
  readonly purchases: number;
  readonly perSecond: number;
}
