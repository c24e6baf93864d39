import { sql } from "drizzle-orm";
import type { Database } from "../database/database.ts";
import { epochMs, epochMsOrNull } from "../database/times.ts";
import type { RunMark } from "./run-mark.ts";

/** A dispatch, as the shop knows it. */
export interface Dispatch {
  readonly id: number;
  /** What the warehouse knows it by. */
  readonly reference: string;
  readonly outcome: "dispatched" | "refused" | "cancelled" | "waiting";
  readonly createdAtMs: number;
  readonly processedAtMs: number | null;
  /** Units by product, summed. */
  readonly units: ReadonlyMap<number, number>;
}

export interface LookedAt {
  /** The oldest first. */
  readonly dispatches: readonly Dispatch[];
  readonly isPartial: boolean;
  /** Purchases that have not become tasks, and when the oldest of them was made. */
  readonly notYetTasks: number;
  readonly oldestNotYetTaskMs: number | null;
}

/** The dispatches that were open at a mark, or came after it. */
export async function readDispatches({ db }: Pick<Database, "db">, mark: RunMark): Promise<LookedAt> {
  const limit = DISPATCHES_MAX + 1;
  const rows = await db.execute<Row>(sql`
    with touched as (
      (
        -- Those that were open then, and are not any more, have left an entry since.
        select distinct task as id
        from (select task from task_log where id > ${mark.logEntry} order by id limit ${limit * ENTRIES_PER_TASK}) as entry
        where task <= ${mark.task}
      )
      union
      (
        -- Found by their index first: all tasks that ever were are in the order of the numbers.
        select id
        from (select id from tasks where kind = 'dispatch' and status not in ('COMPLETED', 'CANCELLED') offset 0) as open
        order by id
        limit ${limit}
      )
      union
      (select id from tasks where id > ${mark.task} order by id limit ${limit})
    )
    select
      tasks.id,
      tasks.payload ->> 'reference' as reference,
      case tasks.status
        when 'COMPLETED' then case tasks.result ->> 'outcome' when 'refused' then 'refused' else 'dispatched' end
        when 'CANCELLED' then 'cancelled'
        else 'waiting'
      end as outcome,
      ${epochMs(sql`tasks.created_at`)} as "createdAtMs",
      ${epochMsOrNull(sql`tasks.processed_at`)} as "processedAtMs",
      tasks.payload -> 'lines' as lines
    from touched
    join tasks on tasks.id = touched.id and tasks.kind = 'dispatch'
    order by tasks.id
    limit ${limit}
  `);
  const [behind] = await db.execute<{ count: number; oldestMs: number | null }>(sql`
    select count(*) as count, ${epochMsOrNull(sql`min(attempts.decided_at)`)} as "oldestMs"
    from items
    left join dispatch_cursors as cursors on cursors.item_id = items.id
    join purchase_attempts as attempts on attempts.item_id = items.id and attempts.position > coalesce(cursors.position, 0)
    where items.last_position > coalesce(cursors.position, 0)
      and not exists (select from refunds where refunds.purchase_id = attempts.id and refunds.units_returned)
  `);
  return {
    dispatches: rows.slice(0, DISPATCHES_MAX).map(({ lines, ...row }) => ({ ...row, units: unitsOf(lines) })),
    isPartial: rows.length > DISPATCHES_MAX,
    notYetTasks: behind?.count ?? 0,
    oldestNotYetTaskMs: behind?.oldestMs ?? null,
  };
}

/** Some seconds of a good sale; comparing them takes a second. */
const DISPATCHES_MAX = 20_000;

/** Submitted, claimed, completed, and now and then failed. */
const ENTRIES_PER_TASK = 4;

function unitsOf(lines: Row["lines"]): Map<number, number> {
  const units = new Map<number, number>();
  for (const { productId, quantity } of lines ?? []) units.set(productId, (units.get(productId) ?? 0) + quantity);
  return units;
}

interface Row extends Omit<Dispatch, "units">, Record<string, unknown> {
  readonly lines: { productId: number; quantity: number }[] | null;
}
