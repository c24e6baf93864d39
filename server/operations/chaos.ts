import { and, desc, eq, gt, lt, notInArray, sql } from "drizzle-orm";
import { chaosFaults } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { ChaosFault, ChaosInput, ChaosState } from "../../shared/operations.ts";
import { recordAudit } from "../audit/record.ts";
import { causesOf } from "../database/causes-of.ts";
import type { Tx } from "../database/database.ts";
import { TRY_MS_MAX } from "../warehouse/client/call-policy.ts";
import {
  WarehouseCallError,
  type WarehouseClient,
  WarehouseUnavailableError,
} from "../warehouse/client/warehouse-client.ts";
import { orUnavailable } from "../warehouse/or-unavailable.ts";
import { type RunMark, readMark } from "./chaos-run.ts";
import type { OperationsServices } from "./services.ts";

/**
 * The faults that the warehouse has now. One that is over before its end, because its process died and was started again,
 * ends in the books too.
 *
 * @throws Fault UNAVAILABLE
 */
export async function chaosState({
  database,
  warehouse,
}: Pick<OperationsServices, "database" | "warehouse">): Promise<ChaosState> {
  const state = await orUnavailable(warehouse, (client) => client.chaos(undefined));
  const on = state.active.map(({ fault }) => fault);
  await database.db
    .update(chaosFaults)
    .set(ENDS_NOW)
    .where(
      and(
        gt(chaosFaults.endsAt, sql`statement_timestamp()`),
        // One that was given just now may not be in the answer yet.
        lt(chaosFaults.startedAt, sql`statement_timestamp() - ${SETTLED_MS} * interval '1 millisecond'`),
        notInArray(chaosFaults.fault, on),
      ),
    );
  return state;
}

/**
 * Gives the warehouse a fault until its end, or ends one or all of them. What it was given is written down, so that
 * `operations.verdict` can tell what came of it. The warehouse comes first: what it refuses did not happen. What it does not
 * answer may still happen, and is written down as well.
 *
 * @throws Fault UNAVAILABLE; OUTCOME_UNKNOWN when it was asked and did not answer; NOT_ALLOWED_NOW where faults are not
 *   allowed
 */
export async function controlChaos(
  services: Pick<OperationsServices, "database" | "warehouse">,
  actorId: string,
  input: ChaosInput,
): Promise<ChaosState> {
  // Before the fault: whatever is seen of it came later.
  const mark = input.action === "start" ? await readMark(services.database) : undefined;
  const write = (outcome: "success" | "failure") => writeDown(services, { actorId, input, mark, outcome });
  try {
    const state = await orUnavailable(services.warehouse, (client) => allowed(client, input));
    await write("success");
    return state;
  } catch (error) {
    if (!mayStillHappen(error)) throw error;
    await write("failure");
    throw new Fault("OUTCOME_UNKNOWN", UNKNOWN, { cause: error });
  }
}

const UNKNOWN =
  "The warehouse did not answer, and may still do this when it can. Look which faults are on before going on.";

/** Whether it was asked: a connection that was refused carried nothing. */
function mayStillHappen(error: unknown): boolean {
  const causes = causesOf(error);
  const wasAsked = causes.some((cause) => cause instanceof WarehouseUnavailableError);
  return wasAsked && !causes.some((cause) => "code" in cause && cause.code === "ECONNREFUSED");
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

async function writeDown(
  { database }: Pick<OperationsServices, "database">,
  { actorId, input, mark, outcome }: Controlled,
) {
  await database.withTransaction(
    async (tx) => {
      if (input.action === "start") await writeStart(tx, input, mark);
      else if (outcome === "success") await writeStop(tx, input.fault);
      const { action, ...details } = input;
      await recordAudit(tx, {
        actorKind: "person",
        actorId,
        action: "operations.chaos",
        subject: "warehouse",
        outcome,
        details: { action, ...details },
      });
    },
    { name: "operations.chaos" },
  );
}

interface Controlled {
  readonly actorId: string;
  readonly input: ChaosInput;
  /** Of a start. */
  readonly mark: RunMark | undefined;
  /** A failure: the warehouse did not answer. */
  readonly outcome: "success" | "failure";
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
      goesOn: sql<boolean>`${chaosFaults.endsAt} > statement_timestamp() - ${RUN_GAP_MS} * interval '1 millisecond'`,
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
    startedAt: sql`statement_timestamp()` as never,
    endsAt: sql`statement_timestamp() + ${durationMs} * interval '1 millisecond'` as never,
  });
}

/** @param fault all of them when it is left out */
async function writeStop(tx: Tx, fault: ChaosFault | undefined): Promise<void> {
  const isOn = gt(chaosFaults.endsAt, sql`statement_timestamp()`);
  await tx
    .update(chaosFaults)
    .set(ENDS_NOW)
    .where(fault === undefined ? isOn : and(isOn, eq(chaosFaults.fault, fault)));
}

const ENDS_NOW = { endsAt: sql`statement_timestamp()` as never, isStopped: true };

/** As long as the warehouse has to answer. */
const SETTLED_MS = TRY_MS_MAX;

/** A pause in which somebody reads what the last fault did is still the same run. */
const RUN_GAP_MS = 60_000;
