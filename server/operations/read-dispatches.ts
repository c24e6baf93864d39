import { type SQL, sql } from "drizzle-orm";
import { WAREHOUSE_PAGE_MAX } from "../../shared/warehouse.ts";
import type { Database } from "../database/database.ts";
import { epochMs, epochMsOrNull } from "../database/times.ts";
import type { RunMark } from "./chaos-run.ts";

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

/**
 * Reads the dispatches up to a task that were open at a mark, or came after it: the oldest first, in portions of which the
 * warehouse can be asked at once, so that a run over a great sale takes no more memory than one over a small one. Each
 * portion is as it stands when it is read.
 *
 * @param lastTask tasks that come later are left out
 */
export async function* readDispatches(
  { db }: Pick<Database, "db">,
  mark: RunMark,
  lastTask: number,
): AsyncGenerator<Dispatch[]> {
  const backlog = await readBacklog(db, mark);
  for (let from = 0; from < backlog.length; from += PORTION) {
    const ids = backlog.slice(from, from + PORTION);
    yield await readPortion(db, sql`tasks.id = any(${sql.param(ids)}::bigint[])`);
  }
  let after = mark.task;
  while (after < lastTask) {
    const portion = await readPortion(db, sql`tasks.id > ${after} and tasks.id <= ${lastTask}`);
    if (portion.length > 0) yield portion;
    if (portion.length < PORTION) return;
    after = portion.at(-1)?.id ?? lastTask;
  }
}

/** What comes after the dispatches that are tasks. */
export interface Behind {
  /** The number of the latest task. */
  readonly lastTask: number;
  /** Purchases that had not become tasks then, and when the oldest of them was made. */
  readonly notYetTasks: number;
  readonly oldestNotYetTaskMs: number | null;
}

/** In one statement, so that a purchase is either one of them or among the tasks. */
export async function readBehind({ db }: Pick<Database, "db">): Promise<Behind> {
  const [behind] = await db.execute<Behind & Record<string, unknown>>(sql`
    select
      (select coalesce(max(id), 0) from tasks) as "lastTask",
      count(*) as "notYetTasks",
      ${epochMsOrNull(sql`min(attempts.decided_at)`)} as "oldestNotYetTaskMs"
    from items
    left join dispatch_cursors as cursors on cursors.item_id = items.id
    join purchase_attempts as attempts on attempts.item_id = items.id and attempts.position > coalesce(cursors.position, 0)
    where items.last_position > coalesce(cursors.position, 0)
      and not exists (select from refunds where refunds.purchase_id = attempts.id and refunds.units_returned)
  `);
  if (!behind) throw new Error("the database answered no count");
  return behind;
}

/** The numbers of those that were open at the mark: they are open still, or have left an entry in the log since. */
async function readBacklog(db: Database["db"], mark: RunMark): Promise<number[]> {
  const rows = await db.execute<{ id: number }>(sql`
    select task as id
    from (select task from task_log where id > ${mark.logEntry} order by id limit ${ENTRIES_MAX}) as entry
    where task <= ${mark.task}
    union
    (
      -- Found by their index first: all tasks that ever were are in the order of the numbers.
      select id
      from (select id from tasks where kind = 'dispatch' and status not in ('COMPLETED', 'CANCELLED') offset 0) as open
      where id <= ${mark.task}
    )
    order by id
  `);
  return rows.map(({ id }) => id);
}

async function readPortion(db: Database["db"], which: SQL): Promise<Dispatch[]> {
  const rows = await db.execute<Row>(sql`
    select
      tasks.id,
      -- Of a payload that is none, the id, which the warehouse does not know.
      coalesce(tasks.payload ->> 'reference', tasks.task_id) as reference,
      case tasks.status
        when 'COMPLETED' then case tasks.result ->> 'outcome' when 'refused' then 'refused' else 'dispatched' end
        when 'CANCELLED' then 'cancelled'
        else 'waiting'
      end as outcome,
      ${epochMs(sql`tasks.created_at`)} as "createdAtMs",
      ${epochMsOrNull(sql`tasks.processed_at`)} as "processedAtMs",
      tasks.payload -> 'lines' as lines
    from tasks
    where ${which} and tasks.kind = 'dispatch'
    order by tasks.id
    limit ${PORTION}
  `);
  return rows.map(({ lines, ...row }) => ({ ...row, units: unitsOf(lines) }));
}

const PORTION = WAREHOUSE_PAGE_MAX;

/** A few hundred thousand dispatches leave as many: half a second of reading. */
const ENTRIES_MAX = 1_000_000;

function unitsOf(lines: Row["lines"]): Map<number, number> {
  const units = new Map<number, number>();
  for (const { productId, quantity } of lines ?? []) units.set(productId, (units.get(productId) ?? 0) + quantity);
  return units;
}

interface Row extends Omit<Dispatch, "units">, Record<string, unknown> {
  readonly lines: { productId: number; quantity: number }[] | null;
}
