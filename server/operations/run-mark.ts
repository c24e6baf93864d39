import { sql } from "drizzle-orm";
import { z } from "zod";
import type { Database } from "../database/database.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { isUnavailable } from "../warehouse/or-unavailable.ts";

/**
 * Where everything stood when a run of chaos began, as the last ids that were given: what has greater ones came later,
 * whatever the clocks of shop and warehouse say.
 */
export const runMarkSchema = z.object({
  /** The last change of the warehouse's stock; null when it could not be asked. */
  update: z.int().nullable(),
  task: z.int(),
  logEntry: z.int(),
});
export type RunMark = z.infer<typeof runMarkSchema>;

/** The warehouse first: a task that comes after the shop's own marks cannot have been dispatched before it. */
export async function readMark({ db }: Database, warehouse: WarehouseClient | undefined): Promise<RunMark> {
  const update = await lastUpdate(warehouse);
  const [last] = await db.execute<{ task: number; logEntry: number }>(sql`
    select
      coalesce((select max(id) from tasks), 0) as task,
      coalesce((select max(id) from task_log), 0) as "logEntry"
  `);
  if (!last) throw new Error("the database answered no ids");
  return { update, ...last };
}

async function lastUpdate(warehouse: WarehouseClient | undefined): Promise<number | null> {
  try {
    const latest = await warehouse?.updates({ limit: 1 }, { once: true, signal: AbortSignal.timeout(MARK_MS_MAX) });
    return latest ? (latest.items[0]?.id ?? 0) : null;
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}

/** An operator who switches a second fault on while the first one is slow should not have to wait for it. */
const MARK_MS_MAX = 1_000;
