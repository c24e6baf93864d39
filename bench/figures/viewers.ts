import { setTimeout as sleep } from "node:timers/promises";
import { Latencies } from "../../server/load/latencies.ts";
import type { CalledProcess } from "../../server/processes/called-process.ts";
import { makeSale } from "../../server/testing/factories.ts";
import type { Figure, Sample } from "../figure.ts";
import type { ServerProcess } from "../stage/server-process.ts";
import type { Store } from "../stage/store.ts";
import type { Stage } from "../stage.ts";
import { type Changes, makeChanges } from "../viewers/changes.ts";
import type { ViewerMethods } from "../viewers/main.ts";

/**
 * P10: how long after a purchase the last of 5,000 pages shows it. Each change is a purchase over HTTP at the process
 * that serves all viewers, and its clock starts when the database decides it, which is just before the commit.
 */
export const viewers: Figure = {
  id: "P10",
  what: "5,000 viewers of one sale, 10 changes a second: commit to last viewer",
  unit: "ms (p99)",
  targets: [{ atMost: 250 }, { detail: "server memory kB/viewer", atMost: 30 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    const offers = Array.from({ length: ITEMS }, () => ({ stock: STOCK, priceCents: 1 }));
    const { saleId, itemIds } = await makeSale(store.database, offers);
    // Viewers look at the last item.
    const itemId = itemIds.at(-1) ?? 0;
    const server = await stage.startServer({ entry: "servers/shop.ts", store });
    const change = (ms: number) => makeChanges({ store, url: server.url, itemId }, ms);
    await change(stage.warmUpMs);

    const before = await server.usage();
    stage.say(`  opening ${VIEWERS.toLocaleString("en")} viewers`);
    const watching = await stage.startChild<ViewerMethods>("viewers/main.ts");
    await watching.call("open", { url: server.url, saleId, count: VIEWERS });
    await sleep(SETTLE_MS);
    const after = await server.usage();
    const memoryKb = after && before && ((after.memoryMb - before.memoryMb) * 1_000) / VIEWERS;
    // What serves a crowd is compiled by then.
    await seenByAll(watching, await change(stage.warmUpMs));
    const contest = { stage, store, server, change, watching, itemId };
    return { subject: { name: "doorbuster", round: () => round(contest, memoryKb) } };
  },
};

const VIEWERS = 5_000;

/** A page full. */
const ITEMS = 10;

const STOCK = 1_000_000;

/** How long viewers are idle before they are weighed. */
const SETTLE_MS = 3_000;

interface Round {
  readonly stage: Stage;
  readonly store: Store;
  readonly server: ServerProcess;
  readonly change: (ms: number) => Promise<Changes>;
  readonly watching: CalledProcess<ViewerMethods>;
  readonly itemId: number;
}

async function round({ stage, store, server, change, watching, itemId }: Round, memoryKb?: number): Promise<Sample> {
  const before = await server.usage();
  const startedAt = performance.now();
  const made = await change(Math.max(stage.roundMs, ROUND_MS_MIN));
  const seen = await seenByAll(watching, made);
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await server.usage();

  const [toLast, toFirst] = [new Latencies(), new Latencies()];
  const decided = await decidedAt(store, itemId);
  for (const remaining of made.remaining) {
    const sighting = seen.get(remaining);
    const decidedAtMs = decided.get(remaining);
    if (sighting?.viewers !== VIEWERS || decidedAtMs === undefined)
      throw new Error(`${sighting?.viewers ?? 0} of ${VIEWERS} viewers have seen that ${remaining} remain`);
    toLast.add(sighting.lastAtMs - decidedAtMs);
    toFirst.add(sighting.firstAtMs - decidedAtMs);
  }
  return {
    value: toLast.quantileMs(0.99),
    details: {
      "p50 ms": toLast.quantileMs(0.5),
      "first viewer p50 ms": toFirst.quantileMs(0.5),
      "purchase p50 ms": made.latencies.quantileMs(0.5),
      "purchase p99 ms": made.latencies.quantileMs(0.99),
      ...(memoryKb !== undefined && { "server memory kB/viewer": memoryKb }),
      ...(before && after && { "server CPU %": (after.cpuMs - before.cpuMs) / 10 / seconds }),
    },
  };
}

/** Some fifty changes, so that the slowest of them is not the only one that counts. */
const ROUND_MS_MIN = 5_000;

/** What was seen, by what remained. @throws when a viewer has lost its connection, or saw something older than before */
async function seenByAll(watching: CalledProcess<ViewerMethods>, { remaining }: { remaining: readonly number[] }) {
  const { sightings, lost, wentBack } = await watching.call("see", Math.min(...remaining));
  if (lost + wentBack > 0) throw new Error(`${lost} viewers lost, ${wentBack} updates older than the last`);
  return new Map(sightings.map((sighting) => [sighting.remaining, sighting]));
}

/** By how many remained afterwards. The database and the viewers read the same clock. */
async function decidedAt({ sql }: Store, itemId: number): Promise<Map<number, number>> {
  const rows = await sql<{ remaining: number; atMs: number }[]>`
    select remaining_after as remaining, (extract(epoch from decided_at) * 1000)::float8 as "atMs"
    from purchase_attempts
    where item_id = ${itemId} and remaining_after is not null
  `;
  return new Map(rows.map(({ remaining, atMs }) => [remaining, atMs]));
}
