import { sql } from "drizzle-orm";
import type { ReconcileRun } from "../../../shared/operations.ts";
import type { Database } from "../../database/database.ts";
import { storeRun } from "../store-run.ts";
import type { ItemLook } from "./look-at-items.ts";
import type { NewRows } from "./look-at-new.ts";
import { TURN_MS } from "./take-turn.ts";

/**
 * Stores what a run found and how far it came, unless another worker has had a turn since: marks only ever go forward, and
 * what is new is new to one run.
 *
 * @throws TurnLostError
 */
export async function settleTurn(
  database: Database,
  { turn, rows, run }: { turn: number; rows: NewRows; run: ReconcileRun },
): Promise<void> {
  const { items, coveredUntil, isPartial } = rows;
  // Where something was left, the next turn comes sooner.
  const pauseMs = isPartial ? Math.max(PAUSE_MS_MIN, run.seconds * 1_000 * (1 / DUTY - 1)) : TURN_MS;
  await database.withTransaction(
    async (tx) => {
      const held = await tx.execute(sql`
        update reconcile_turns
        set covered_until = ${coveredUntil},
          due_at = least(due_at, statement_timestamp() + ${pauseMs}::float8 * interval '1 millisecond')
        where turn = ${turn}
        returning turn
      `);
      if (held.length === 0) throw new TurnLostError();
      const column = <T>(read: (item: ItemLook) => T) => sql.param(items.map(read));
      await tx.execute(sql`
        update reconcile_marks as marks
        set position = looked.position, units_sold = looked.units_sold, tasks_position = looked.tasks_position,
          allotted = looked.allotted, remaining = looked.remaining, is_settled = looked.is_settled
        from unnest(
          ${column(({ itemId }) => itemId)}::bigint[],
          ${column(({ upto }) => upto)}::bigint[],
          ${column(({ unitsSold }) => unitsSold)}::bigint[],
          ${column(({ tasksUpto }) => tasksUpto)}::bigint[],
          ${column(({ stock }) => stock?.allotted ?? null)}::integer[],
          ${column(({ stock }) => stock?.remaining ?? null)}::integer[],
          ${column(({ isSettled }) => isSettled)}::boolean[]
        ) as looked (item_id, position, units_sold, tasks_position, allotted, remaining, is_settled)
        where marks.item_id = looked.item_id
      `);
      await storeRun(tx, run);
    },
    { name: "reconcile.settleTurn" },
  );
}

/** Another worker has had a turn since: what this one found is not stored. */
export class TurnLostError extends Error {
  override readonly name = "TurnLostError";

  constructor() {
    super("the run took so long that another worker's turn had come");
  }
}

/** The share of one connection's time that runs take while they have fallen behind, for example in a great sale. */
const DUTY = 0.05;

/** A short run has a transaction around it too. */
const PAUSE_MS_MIN = 1_000;
