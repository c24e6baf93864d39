import { eq, sql } from "drizzle-orm";
import { tasks } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import type { SubmitTaskInput, Task } from "../../shared/tasks.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { newUuid } from "../database/new-uuid.ts";
import { recordEvent, type TaskRow, taskOf } from "./task-row.ts";

/**
 * Stores a task, once per `taskId`. For an id that is there already it answers that task with `duplicate: true` and does
 * nothing else, whatever the rest of the input says. Of two submissions at once the second waits for the first.
 *
 * @throws Fault INVALID_INPUT for an id that is reserved
 */
export function submitTask(
  database: Database,
  input: SubmitTaskInput,
  { reservedFor, ...origin }: TaskOrigin & { readonly reservedFor: ReservedFor },
): Promise<Task> {
  return database.withTransaction(
    async (tx) => {
      const taskId = input.taskId ?? newUuid();
      const existing = await findTask(tx, taskId);
      if (existing) return answerDuplicate(tx, existing);
      const owner = await reservedFor(tx, taskId);
      if (owner) throw new Fault("INVALID_INPUT", `This task id belongs to ${owner}.`);
      const made = await insertTask(tx, taskId, input, origin);
      if (made) return made;
      // Somebody else was quicker: the insert waited for that commit, so that it can be read now.
      const winner = await findTask(tx, taskId);
      if (!winner) throw new Error(`the task ${taskId} is neither there nor could it be made`);
      return answerDuplicate(tx, winner);
    },
    { name: "tasks.submit" },
  );
}

export interface TaskOrigin {
  readonly actorId: string;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
}

/** Whose task an id is, or will be: nobody may take that id before. Undefined when it is nobody's. */
export type ReservedFor = (tx: Tx, taskId: string) => Promise<string | undefined>;

async function findTask(tx: Tx, taskId: string): Promise<TaskRow | undefined> {
  const [row] = await tx.select().from(tasks).where(eq(tasks.taskId, taskId));
  return row;
}

async function answerDuplicate(tx: Tx, task: TaskRow): Promise<Task> {
  await recordEvent(tx, "duplicate", { task, message: "Submitted again." });
  return taskOf(task, { duplicate: true });
}

async function insertTask(
  tx: Tx,
  taskId: string,
  input: SubmitTaskInput,
  { actorId, traceId }: TaskOrigin,
): Promise<Task | undefined> {
  const { kind, payload, delayMs, failureRate, priority, runAfterMs } = input;
  const { attemptsMax, backoffMinMs, backoffMaxMs, leaseMs } = input;
  const [made] = await tx
    .insert(tasks)
    .values({
      taskId,
      kind,
      // Drizzle takes null for the column's, and not for JSON's.
      payload: payload ?? sql`'null'::jsonb`,
      settings: { ...(delayMs !== undefined && { delayMs }), failureRate },
      priority,
      dueAt: sql`statement_timestamp() + ${runAfterMs} * interval '1 millisecond'`,
      attemptsMax,
      backoffMinMs,
      backoffMaxMs,
      leaseMs,
      traceId,
    })
    .onConflictDoNothing({ target: tasks.taskId })
    .returning();
  if (!made) return undefined;
  await recordEvent(tx, "submitted", { task: made });
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "tasks.submit",
    subject: `task:${taskId}`,
    details: { kind, priority, runAfterMs, attemptsMax },
  });
  return taskOf(made);
}
