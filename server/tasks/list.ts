import { and, desc, eq, lt, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { tasks } from "../../drizzle/schema/index.ts";
import type { ListTasksInput, Task } from "../../shared/tasks.ts";
import type { Database } from "../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../paging.ts";
import { taskOf } from "./task-row.ts";

/**
 * Tasks as they stand, newest first. Filters hold together.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listTasks(database: Database, input: ListTasksInput): Promise<Page<Task>> {
  const { status, kind, taskId, limit } = input;
  const [beforeId] = decodeCursor(input.cursor, cursorSchema) ?? [];
  const rows = await database.db
    .select()
    .from(tasks)
    .where(
      and(
        status === undefined ? undefined : eq(tasks.status, status),
        kind === undefined ? undefined : eq(tasks.kind, kind),
        taskId === undefined ? undefined : beginsWith(taskId),
        beforeId === undefined ? undefined : lt(tasks.id, beforeId),
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(limit + 1);
  const { items, nextCursor } = page(rows, limit, ({ id }) => encodeCursor([id]));
  return { items: items.map((row) => taskOf(row)), nextCursor };
}

const cursorSchema = z.tuple([z.int()]);

function beginsWith(text: string): SQL {
  return sql`${tasks.taskId} like ${`${text.replace(/[\\%_]/g, "\\$&")}%`}`;
}
