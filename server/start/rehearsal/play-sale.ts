import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import type { Logger } from "pino";
import type { CapacityStep, Crowd, CrowdResult, RehearsalProgress } from "../../../shared/rehearsals.ts";
import type { Sale } from "../../../shared/sales.ts";
import type { CrowdMethods } from "../../crowd/crowd-process.ts";
import type { Database } from "../../database/database.ts";
import { reconcile } from "../../operations/reconcile.ts";
import type { RehearsalEnd } from "../../operations/rehearsals/keep-lease.ts";
import { makeReport, type ReportFacts } from "../../operations/rehearsals/report.ts";
import { readStoreFacts } from "../../operations/rehearsals/store-facts.ts";
import { type CalledProcess, startCalledProcess } from "../../processes/called-process.ts";
import { argumentsOfChildren, environmentOfChildren } from "../../processes/fork-process.ts";
import type { Stopper } from "../../processes/stopper.ts";
import { cloneSale, planEndlessSale } from "./clone-sale.ts";
import { watchCpu } from "./cpu.ts";
import type { HeldLease } from "./held-lease.ts";
import type { RehearsalInstructions } from "./instructions.ts";
import { openRehearsalShop, type RehearsalShop } from "./rehearsal-shop.ts";

/**
 * Plays a sale: makes a shop of its own, has the crowd buy, measures, and checks what came of it.
 *
 * @throws RehearsalOver when it is to end before there is anything to tell
 */
export async function playSale(played: Played): Promise<RehearsalEnd> {
  const { crowd: temper, lease, sale } = played;
  const shop = await openRehearsalShop({ ...played, schema: played.store });
  lease.throwIfOver();
  const credentials = await mintBuyers(shop, played);
  const crowd = await startCrowd(played.stopper);
  lease.throwIfOver();

  const { saleId, items, opensInMs, lengthMs } = await cloneSale(shop.store, sale);
  const readCpu = watchCpu();
  const buying = crowd.call("buy", { url: shop.url, temper, credentials, items, opensInMs, endsAfterMs: lengthMs });
  lease.enter("selling", () => sellingProgress(played, crowd));
  const result = await endedEarly(lease, crowd, buying);
  const cpu = readCpu();

  const facts = await readStoreFacts(shop.store, saleId);
  const after: RehearsalProgress = { ...progressOf(result, played), share: SHARES.measuring };
  lease.enter("measuring", async () => after);
  const capacitySteps = played.measureCapacity && !lease.why ? await measure(shop, crowd, lease) : null;
  lease.enter("checking", async () => ({ ...after, share: SHARES.checking }));
  const { ok, checks } = await reconcile(shop.store);
  // Only an operator who stops it wants to hear what came of it.
  if (lease.why && lease.why.reason !== "asked") lease.throwIfOver();
  const machine = await describeMachine(shop.store);
  const report = makeReport({ crowd: result, store: facts, capacitySteps, reconcile: { ok, checks }, cpu, machine });
  return lease.why
    ? { state: "stopped", verdict: `Stopped by an operator. ${report.verdict}`, report }
    : { state: "done", verdict: report.verdict, report };
}

export interface Played extends RehearsalInstructions {
  readonly crowd: Crowd;
  readonly measureCapacity: boolean;
  readonly progress: RehearsalProgress;
  /** The rehearsal's schema. */
  readonly store: string;
  readonly sale: Sale;
  readonly lease: HeldLease;
  readonly logger: Logger;
  readonly stopper: Stopper;
}

/** How much of the whole is done when a state begins. */
const SHARES = { selling: 0.1, measuring: 0.7, checking: 0.9 };

/** In parts, between which it may end. */
async function mintBuyers(shop: RehearsalShop, { crowd, sale, lease }: Played): Promise<string[]> {
  const dearestCents = Math.max(...sale.items.map(({ priceCents }) => priceCents));
  const balanceCents = Math.min(dearestCents * crowd.unitsEach * PURCHASES_EACH_MAX, BALANCE_CENTS_MAX);
  const credentials: string[] = [];
  for (let left = crowd.buyers + crowd.bots; left > 0; left -= MINTED_AT_ONCE) {
    credentials.push(...(await shop.mint(Math.min(left, MINTED_AT_ONCE), balanceCents)));
    lease.throwIfOver();
  }
  return credentials;
}

/** More than a buyer clicks, so that only bots run out of money. */
const PURCHASES_EACH_MAX = 20;
const BALANCE_CENTS_MAX = 1_000_000_000_000;
const MINTED_AT_ONCE = 2_000;

async function startCrowd(stopper: Stopper): Promise<CalledProcess<CrowdMethods>> {
  return startCalledProcess<CrowdMethods>({
    module: join(import.meta.dirname, "../../crowd/crowd-process.ts"),
    execArgv: argumentsOfChildren(),
    env: environmentOfChildren(),
    onEnd: (stop) => stopper.add(stop),
  });
}

/** The crowd's own books, closed early when the rehearsal is to end. @throws RehearsalOver */
async function endedEarly(
  lease: HeldLease,
  crowd: CalledProcess<CrowdMethods>,
  buying: Promise<CrowdResult>,
): Promise<CrowdResult> {
  const over = new Promise<void>((resolve) => {
    if (lease.signal.aborted) resolve();
    lease.signal.addEventListener("abort", () => resolve());
  });
  const first = await Promise.race([buying, over]);
  if (first) return first;
  buying.catch(() => {});
  if (lease.why?.reason !== "asked") lease.throwIfOver();
  await crowd.call("stop");
  return buying;
}

async function sellingProgress(played: Played, crowd: CalledProcess<CrowdMethods>): Promise<RehearsalProgress> {
  const now = await crowd.call("progress");
  if (!now) return { ...played.progress, share: SHARES.selling };
  const share = SHARES.selling + (SHARES.measuring - SHARES.selling) * (now.arrived / played.crowd.buyers);
  return { ...played.progress, ...now, share };
}

function progressOf({ answers, unitsBought, clicks }: CrowdResult, { progress, crowd }: Played): RehearsalProgress {
  return { ...progress, arrived: Math.min(crowd.buyers, clicks), answers, unitsSold: unitsBought };
}

/** With buyers of its own, so many that none of them meets the limit of one buyer. */
async function measure(
  shop: RehearsalShop,
  crowd: CalledProcess<CrowdMethods>,
  lease: HeldLease,
): Promise<CapacityStep[]> {
  const credentials = await shop.mint(MEASURING_BUYERS, MEASURING_CENTS);
  const itemId = await planEndlessSale(shop.store);
  const onOver = () => void crowd.call("stop").catch(() => {});
  lease.signal.addEventListener("abort", onOver);
  try {
    return await crowd.call("measure", { url: shop.url, itemId, credentials });
  } finally {
    lease.signal.removeEventListener("abort", onOver);
  }
}

const MEASURING_BUYERS = 2_000;
/** A cent for each purchase. */
const MEASURING_CENTS = 1_000_000;

async function describeMachine({ db }: Database): Promise<ReportFacts["machine"]> {
  const [server] = await db.execute<{ version: string }>(sql`select current_setting('server_version') as version`);
  const cores = cpus();
  return {
    cores: cores.length,
    cpu: cores[0]?.model.trim() ?? "unknown",
    memoryGb: Math.round(totalmem() / 1_000_000_000),
    node: process.version,
    postgres: server?.version ?? "unknown",
  };
}
