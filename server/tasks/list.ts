import { and, desc, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { COMMON_TASK_KIND, tasks } from "../../drizzle/schema/index.ts";
import type { ListTasksInput, Task, TaskKind, TaskStatus } from "../../shared/tasks.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../database/paging.ts";
import { type TaskRow, taskOf } from "./task-row.ts";

/**
 * Tasks as they stand, newest first. Filters hold together.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listTasks(database: Database, input: ListTasksInput): Promise<Page<Task>> {
  const [beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const rows = await readRows(database, input, beforeId);
  const { items, nextCursor } = page(rows, input.limit, ({ id }) => encodeCursor([id]));
  return { items: items.map((row) => taskOf(row)), nextCursor };
}

const cursorSchema = z.tuple([z.int()]);

/**
 * Left to itself PostgreSQL may go through all tasks that ever were, newest first, for a few that it hopes to meet soon; or
 * sort a million of which it could have met the first at once. So the newest are looked at first, where what is common is
 * found, and only then is it searched for what is rare, by the index that holds few of the others.
 */
async function readRows({ db }: Database, input: ListTasksInput, beforeId: number | undefined): Promise<TaskRow[]> {
  const filter = filterOf(input);
  const count = input.limit + 1;
  const read = (which: SQL | undefined) => db.select().from(tasks).where(which).orderBy(desc(tasks.id)).limit(count);
  if (!filter) return read(beforeId === undefined ? undefined : lt(tasks.id, beforeId));
  const search: Search = { filter, beforeId, count };
  const found = await read(inArray(tasks.id, oneByOne(search, AMONG_NEWEST)));
  return found.length === count ? found : read(inArray(tasks.id, await amongOthers(db, input, search)));
}

interface Search {
  readonly filter: SQL;
  /** Only tasks with smaller numbers. */
  readonly beforeId: number | undefined;
  /** How many at most. */
  readonly count: number;
}

async function amongOthers(db: Database["db"], { taskId, status, kind }: ListTasksInput, search: Search): Promise<SQL> {
  // Few, or found by their index: all but those that are completed.
  if (status !== undefined && status !== "COMPLETED") return newestOf(search);
  if (taskId !== undefined) return (await areFew(db, taskId)) ? newestOf(search) : oneByOne(search, AMONG_ALL);
  return kind === undefined || kind === COMMON_TASK_KIND ? oneByOne(search, AMONG_ALL) : amongOfKind(kind, search);
}

/** One by one from the newest on, as far as the bound goes: for what is common. */
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
function newestOf({ filter, beforeId, count }: Search): SQL {
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

function filterOf({ status, kind, taskId }: ListTasksInput): SQL | undefined {
  return and(
    status === undefined ? undefined : hasStatus(status),
    kind === undefined ? undefined : eq(tasks.kind, kind),
    taskId === undefined ? undefined : beginsWith(taskId),
  );
}

/** As a constant, because the indexes of tasks that are not completed are for some statuses only. */
function hasStatus(status: TaskStatus): SQL {
  const isOpen = status === "PENDING" || status === "PROCESSING";
  const constant = sql`${tasks.status} = ${sql.raw(`'${status}'`)}`;
  return isOpen ? sql`${constant} and ${tasks.status} not in ('COMPLETED', 'CANCELLED')` : constant;
}

function beginsWith(taskId: string): SQL {
  return sql`${gte(tasks.taskId, taskId)} and ${lt(tasks.taskId, `${taskId}${BEHIND_ALL}`)}`;
}

/** An id is of visible ASCII characters, and compared byte by byte. */
const BEHIND_ALL = "\x7f";

/** Whether so few ids begin like this that they are sooner sorted than met, newest first, among all others. */
async function areFew(db: Database["db"], taskId: string): Promise<boolean> {
  const [row] = await db.execute<{ count: number }>(sql`
    select count(*) as count
    from (select from ${tasks} where ${beginsWith(taskId)} limit ${SORTED_MAX + 1}) as beginning
  `);
  return (row?.count ?? 0) <= SORTED_MAX;
}

/** Tasks that are read from their pages and sorted in a fifth of a second; to meet an old one can take many times that. */
const SORTED_MAX = 200_000;

/** The newest few thousand, a few milliseconds of reading: not all that there are, but all at once where they are common. */
const AMONG_NEWEST = sql`limit 5000`;
const AMONG_ALL = sql`offset 0`;
