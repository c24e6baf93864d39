import { and, desc, eq, gte, inArray, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { tasks } from "../../drizzle/schema/index.ts";
import type { ListTasksInput, Task, TaskStatus } from "../../shared/tasks.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../paging.ts";
import { taskOf } from "./task-row.ts";

/**
 * Tasks as they stand, newest first. Filters hold together.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listTasks({ db }: Database, input: ListTasksInput): Promise<Page<Task>> {
  const { status, kind, taskId, limit } = input;
  const [beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const filter = and(
    status === undefined ? undefined : hasStatus(status),
    kind === undefined ? undefined : eq(tasks.kind, kind),
    taskId === undefined ? undefined : and(gte(tasks.taskId, taskId), lt(tasks.taskId, `${taskId}${BEHIND_ALL}`)),
    beforeId === undefined ? undefined : lt(tasks.id, beforeId),
  );
  const isFew = taskId !== undefined || (status !== undefined && status !== "COMPLETED");
  const rows = await db
    .select()
    .from(tasks)
    .where(isFew && filter ? inArray(tasks.id, newestOf(filter, limit + 1)) : filter)
    .orderBy(desc(tasks.id))
    .limit(limit + 1);
  const { items, nextCursor } = page(rows, limit, ({ id }) => encodeCursor([id]));
  return { items: items.map((row) => taskOf(row)), nextCursor };
}

const cursorSchema = z.tuple([z.int()]);

/** An id is of visible ASCII characters, and compared byte by byte. */
const BEHIND_ALL = "\x7f";

/** As a constant, because the indexes of tasks that are not completed are for some statuses only. */
function hasStatus(status: TaskStatus): SQL {
  const isOpen = status === "PENDING" || status === "PROCESSING";
  const constant = sql`${tasks.status} = ${sql.raw(`'${status}'`)}`;
  return isOpen ? sql`${constant} and ${tasks.status} not in ('COMPLETED', 'CANCELLED')` : constant;
}

/**
 * The numbers of the newest, found by the filter first. Left to itself PostgreSQL may go through all tasks that ever were,
 * newest first, for a few that it hopes to meet soon.
 */
function newestOf(filter: SQL, count: number): SQL {
  return sql`(
    select id
    from (select ${tasks.id} from ${tasks} where ${filter} offset 0) as found
    order by id desc
    limit ${count}
  )`;
}
