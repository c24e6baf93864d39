import { type SQL, sql } from "drizzle-orm";
import { tasks } from "../../drizzle/schema/index.ts";
import type { TaskKind } from "../../shared/tasks.ts";

/* Ways to find the numbers of the newest tasks that a filter lets through. All find the same, each quickly in its own case. */

export interface Search {
  readonly filter: SQL;
  /** Only tasks with smaller numbers. */
  readonly beforeId: number | undefined;
  /** How many at most. */
  readonly count: number;
}

/** Of the newest few thousand: not all that there are, but all at once where they are common. */
export function amongNewest(search: Search): SQL {
  return oneByOne(search, sql`limit ${LOOKED_AT_MAX}`);
}

/** Of all, one by one from the newest on: for what is common. */
export function amongAll(search: Search): SQL {
  return oneByOne(search, sql`offset 0`);
}

function oneByOne({ filter, beforeId, count }: Search, bound: SQL): SQL {
  return sql`(
    select id
    from (
      select id, task_id, kind, status
      from ${tasks}
      where ${isBefore(beforeId)}
      order by id desc
      ${bound}
    ) as tasks
    where ${filter}
    order by id desc
    limit ${count}
  )`;
}

/** All that the filter finds by its index, sorted: for what is rare. */
export function newestOf({ filter, beforeId, count }: Search): SQL {
  return sql`(
    select id
    from (select ${tasks.id} from ${tasks} where ${filter} and ${isBefore(beforeId)} offset 0) as found
    order by id desc
    limit ${count}
  )`;
}

/**
 * Of a rare kind: those that are over by an index of theirs, which has them in this order, and
 * those that are not by that of the open ones.
 */
export function amongOfKind(kind: TaskKind, { filter, beforeId, count }: Search): SQL {
  // Constants, as in the conditions of the indexes.
  const isOfKind = sql`${filter} and ${isBefore(beforeId)} and ${tasks.kind} = ${sql.raw(`'${kind}'`)}`;
  return sql`(
    (
      select ${tasks.id} as id
      from ${tasks}
      where ${isOfKind} and ${tasks.status} in ('COMPLETED', 'CANCELLED')
      order by ${tasks.kind} desc, ${tasks.id} desc
      limit ${count}
    )
    union all
    (select ${tasks.id} from ${tasks} where ${isOfKind} and ${tasks.status} not in ('COMPLETED', 'CANCELLED') offset 0)
    order by id desc
    limit ${count}
  )`;
}

function isBefore(id: number | undefined): SQL {
  return id === undefined ? sql`true` : sql`id < ${id}`;
}

/** A few milliseconds of reading. */
const LOOKED_AT_MAX = 5_000;
