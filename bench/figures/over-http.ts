import type { LoadResult } from "../../server/load/load.ts";
import { makeItem } from "../../server/testing/factories.ts";
import type { Contestant, Sample } from "../figure.ts";
import type { LoadProcess } from "../load/load-process.ts";
import type { ServerProcess } from "../stage/server-process.ts";
import type { Store } from "../stage/store.ts";
import { cpuPer, type During, type Usages, usagesOf } from "../stage/usage.ts";
import type { Stage } from "../stage.ts";

/** A server that signed-in buyers ask over HTTP, and the process that is all of them. */
export interface UnderLoad {
  readonly stage: Stage;
  readonly store: Store;
  readonly load: LoadProcess;
  readonly server: ServerProcess;
  /** Of the database behind the server. Default: PostgreSQL's. */
  readonly databasePid?: number;
}

/** The shop, by itself with a store of its own. */
export async function openShop(stage: Stage, given?: Store): Promise<UnderLoad> {
  const store = given ?? (await stage.makeStore());
  const load = await stage.startLoad(store);
  return { stage, store, load, server: await stage.startServer({ entry: "servers/shop.ts", store }) };
}

/** Another server on the same store. */
export async function beside(shop: UnderLoad, entry: string): Promise<UnderLoad> {
  return { ...shop, server: await shop.stage.startServer({ entry, store: shop.store }) };
}

export interface OverHttp {
  readonly name: string;
  /** What everybody buys, each as likely as the others. Default: an item of which there are more than any figure sells. */
  readonly itemIds?: readonly number[];
  /** A mutation that takes what `purchases.buy` takes. */
  readonly procedure?: string;
  readonly connections?: number;
  /** What every answer has to be; anything else fails the round. */
  readonly expected?: "purchased" | "refused" | "any 200";
  /** What counts. Default: answers per second. */
  readonly value?: (result: LoadResult) => number;
}

/** A contestant that answers calls over HTTP. */
export function overHttp(underLoad: UnderLoad, options: OverHttp): Contestant {
  let { warmUpMs } = underLoad.stage;
  let itemIds: Promise<readonly number[]> | undefined;
  return {
    name: options.name,
    async round() {
      itemIds ??= options.itemIds ? Promise.resolve(options.itemIds) : makeHotItem(underLoad.store).then((id) => [id]);
      const sample = await roundOverHttp(underLoad, { ...options, itemIds: await itemIds }, warmUpMs);
      // Its code is compiled by now: what is left is for the load to find its pace.
      warmUpMs = Math.min(warmUpMs, WARM_UP_AGAIN_MS);
      return sample;
    },
  };
}

const WARM_UP_AGAIN_MS = 500;

/** An item of which there are more than any figure sells. */
export function makeHotItem({ database }: Pick<Store, "database">): Promise<number> {
  return makeItem(database, { stock: HOT_STOCK, priceCents: 1 });
}

const HOT_STOCK = 1_000_000_000;

/** As many buyers at once as P1 has. */
const CONNECTIONS = 256;

async function roundOverHttp(
  { stage, load, server, databasePid = stage.postmasterPid }: UnderLoad,
  options: OverHttp & { readonly itemIds: readonly number[] },
  warmUpMs: number,
): Promise<Sample> {
  const { itemIds, procedure = "purchases.buy", connections = CONNECTIONS } = options;
  await server.warm();
  const run = { url: server.url, work: { procedure, itemIds }, connections, warmUpMs, ms: stage.roundMs };
  const result = await load.run(run, () => usagesOf({ server: server.pid, database: databasePid }));
  checkAnswers(options, result);
  return { value: options.value?.(result) ?? result.perSecond, details: detailsOf(result) };
}

function detailsOf(result: LoadResult & { readonly during: During<Usages> }): Record<string, number> {
  const { memoryMb } = result.during.after.server ?? {};
  return {
    "p50 ms": result.p50Ms,
    "p99 ms": result.p99Ms,
    ...cpuPer("answer", result.answers, result.during),
    "load generator CPU µs/answer": result.cpuUsPerAnswer,
    ...(memoryMb !== undefined && { "server memory MB": memoryMb }),
  };
}

function checkAnswers({ name, expected = "purchased" }: OverHttp, result: LoadResult): void {
  const right = expected === "any 200" ? (result.statuses[200] ?? 0) : result[expected];
  if (right === result.answers && right > 0 && result.lost === 0) return;
  const statuses = Object.entries(result.statuses).map(([status, count]) => `${count} × ${status}`);
  throw new Error(
    `${name}: of ${result.answers} answers (${statuses.join(", ")}) ${right} were ${expected}, and ${result.lost} were lost. ${result.samples.join("; ")}`,
  );
}
