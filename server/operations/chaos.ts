import { and, desc, eq, gt, sql } from "drizzle-orm";
import { chaosFaults } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { ChaosFault, ChaosInput, ChaosState } from "../../shared/operations.ts";
import { recordAudit } from "../audit/record.ts";
import type { Tx } from "../database/database.ts";
import type { Services } from "../services.ts";
import { WarehouseCallError, type WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { orUnavailable } from "../warehouse/or-unavailable.ts";
import { type RunMark, readMark } from "./run-mark.ts";

/** The faults that the warehouse has now. @throws Fault UNAVAILABLE */
export function chaosState({ warehouse }: Pick<Services, "warehouse">): Promise<ChaosState> {
  return orUnavailable(warehouse, (client) => client.chaos(undefined));
}

/**
 * Gives the warehouse a fault until its end, or ends one or all of them. What it was given is written down, so that
 * `operations.verdict` can tell what came of it. The warehouse comes first: what it refuses did not happen.
 *
 * @throws Fault UNAVAILABLE; NOT_ALLOWED_NOW where faults are not allowed
 */
export async function controlChaos(
  { database, warehouse }: Pick<Services, "database" | "warehouse">,
  actorId: string,
  input: ChaosInput,
): Promise<ChaosState> {
  // Before the fault: whatever is seen of it came later.
  const mark = input.action === "start" ? await readMark(database) : undefined;
  const state = await orUnavailable(warehouse, (client) => allowed(client, input));
  await database.withTransaction(
    async (tx) => {
      if (input.action === "start") await writeStart(tx, input, mark);
      else await writeStop(tx, input.fault);
      const { action, ...details } = input;
      await recordAudit(tx, {
        actorId,
        action: "operations.chaos",
        subject: "warehouse",
        outcome: "success",
        details: { action, ...details },
      });
    },
    { name: "operations.chaos" },
  );
  return state;
}

async function allowed(client: WarehouseClient, input: ChaosInput): Promise<ChaosState> {
  try {
    return await client.chaos(input);
  } catch (error) {
    if (!(error instanceof WarehouseCallError) || error.status !== 403) throw error;
    throw new Fault("NOT_ALLOWED_NOW", "This fault is not allowed here: CHAOS_ALLOWED has to name it.", {
      cause: error,
    });
  }
}

/**
 * A fault belongs to the run of those that are on, or were until a moment ago; else it begins a new one. Two at once that do
 * not see each other begin the same one, since both count on from the same number, and each leaves its mark.
 */
async function writeStart(
  tx: Tx,
  { fault, durationMs, latencyMs, rate }: Extract<ChaosInput, { action: "start" }>,
  mark: RunMark | undefined,
): Promise<void> {
  const [latest] = await tx
    .select({
      runId: chaosFaults.runId,
      goesOn: sql<boolean>`${chaosFaults.endsAt} > clock_timestamp() - ${RUN_GAP_MS} * interval '1 millisecond'`,
    })
    .from(chaosFaults)
    .orderBy(desc(chaosFaults.runId), desc(chaosFaults.endsAt))
    .limit(1);
  const goesOn = latest?.goesOn ?? false;
  // The warehouse puts it in place of what there is of its kind, which ends here too, or the run would seem to last longer.
  await writeStop(tx, fault);
  await tx.insert(chaosFaults).values({
    runId: (latest?.runId ?? 0) + (goesOn ? 0 : 1),
    fault,
    settings: { durationMs, latencyMs, rate, ...(!goesOn && { mark }) },
    startedAt: sql`clock_timestamp()` as never,
    endsAt: sql`clock_timestamp() + ${durationMs} * interval '1 millisecond'` as never,
  });
}

/** @param fault all of them when it is left out */
async function writeStop(tx: Tx, fault: ChaosFault | undefined): Promise<void> {
  const isOn = gt(chaosFaults.endsAt, sql`clock_timestamp()`);
  await tx
    .update(chaosFaults)
    .set({ endsAt: sql`clock_timestamp()` as never, isStopped: true })
    .where(fault === undefined ? isOn : and(isOn, eq(chaosFaults.fault, fault)));
}

/** A pause in which somebody reads what the last fault did is still the same run. */
const RUN_GAP_MS = 60_000;
