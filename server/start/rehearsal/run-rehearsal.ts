import { eq } from "drizzle-orm";
import { rehearsals } from "../../../drizzle/schema/index.ts";
import { type Database, openDatabase } from "../../database/database.ts";
import { endRehearsal, type RehearsalEnd } from "../../operations/rehearsals/keep-lease.ts";
import { sweepRehearsals } from "../../operations/rehearsals/sweep.ts";
import { explainError } from "../../processes/explain-error.ts";
import { createLogger } from "../../processes/logger.ts";
import { Stopper } from "../../processes/stopper.ts";
import { saleById } from "../../sales/by-id.ts";
import { HeldLease, RehearsalOver } from "./held-lease.ts";
import type { RehearsalInstructions } from "./instructions.ts";
import { playSale } from "./play-sale.ts";

/**
 * Runs a rehearsal whose row is there from its beginning to its end, and leaves nothing but that row. What goes wrong stands
 * in the row.
 *
 * @param shopStops aborted when there is no time for anything but cleaning up
 * @throws where even that cannot be written; the lease then runs out
 */
export async function runRehearsal(instructions: RehearsalInstructions, shopStops: AbortSignal): Promise<void> {
  const { rehearsalId, config, databaseUrl, ownerUrl } = instructions;
  const logger = createLogger(config).child({ rehearsal: rehearsalId });
  const onError = (error: unknown) => logger.error({ err: error }, "in a rehearsal");
  const database = await openDatabase({
    url: databaseUrl,
    schema: config.databaseSchema,
    poolSize: POOL_SIZE,
    applicationName: "doorbuster rehearsal",
  });
  try {
    const row = await readRow(database, rehearsalId);
    const lease = new HeldLease({ database, rehearsalId, progress: row.progress, shopStops, onError });
    const stopper = new Stopper();
    let end: RehearsalEnd;
    try {
      const sale = await saleById(database.db, row.saleId);
      end = await playSale({ ...instructions, ...row, sale, lease, logger, stopper });
    } catch (error) {
      if (!(error instanceof RehearsalOver)) onError(error);
      end = endOf(error, lease);
    }
    await stopper.stop().catch(onError);
    await lease.close();
    await endRehearsal(database, rehearsalId, end);
    await sweepRehearsals({ database, ownerUrl });
  } finally {
    await database.close();
  }
}

async function readRow({ db }: Database, id: number) {
  const { saleId, crowd, measureCapacity, progress, store } = rehearsals;
  const [row] = await db
    .select({ saleId, crowd, measureCapacity, progress, store })
    .from(rehearsals)
    .where(eq(rehearsals.id, id));
  if (!row) throw new Error(`there is no rehearsal ${id}`);
  return row;
}

/** Of one that has nothing to tell. */
function endOf(error: unknown, { why }: HeldLease): RehearsalEnd {
  switch (why?.reason) {
    case "asked":
      return { state: "stopped", verdict: "Stopped by an operator before it had begun to sell." };
    case "real sale":
      return { state: "stopped", verdict: `Stopped by itself: "${why.sale}" begins, or is on sale.` };
    case "shop stops":
      return { state: "stopped", verdict: "Stopped because the shop was stopped." };
    case "lost":
    case undefined: {
      const reason = explainError(error);
      // A person can do nothing with a stack, which is in the log.
      return { state: "failed", verdict: reason.includes("\n") ? "It broke off: the shop's log says why." : reason };
    }
    default:
      return why satisfies never;
  }
}

/** One for the lease, one for all else. */
const POOL_SIZE = 2;
