import { sql } from "drizzle-orm";
import type { Metrics } from "../../../shared/operations.ts";
import type { Database } from "../../database/database.ts";
import { epochMs, isoTime } from "../../database/times.ts";
import type { OperationsServices } from "../services.ts";
import { shareAnswers } from "../share-answers.ts";
import { countAttempts } from "./count-attempts.ts";
import { countTaskEvents } from "./count-task-events.ts";
import { countTasks, TaskTotal } from "./count-tasks.ts";
import { STEP_MS, StepCache } from "./step-cache.ts";

/** What happened in the last ten minutes, step by step, and how tasks stand. The last step is that of the present moment. */
export const readMetrics = shareAnswers(read);

async function read({ database }: Pick<OperationsServices, "database">): Promise<Metrics> {
  const { attempts, taskEvents, taskTotal } = cachesOf(database);
  const nowMs = await now(database);
  const step = Math.floor(nowMs / STEP_MS);
  const decided = await attempts.read(step, BUDGET_MS);
  const happened = await taskEvents.read(step, BUDGET_MS);
  const tasks = await countTasks(database, taskTotal);
  return {
    at: isoTime(nowMs),
    stepSeconds: STEP_MS / 1_000,
    points: points({ step, decided, happened, openNow: tasks.open }),
    tasks: { byStatus: tasks.byStatus, needOperator: tasks.needOperator, oldestOpenSeconds: tasks.oldestSeconds },
  };
}

/** How many were open at the end of a step follows from how many are now, and what has happened since. */
function points({ step, decided, happened, openNow }: Counted): Metrics["points"] {
  const newestFirst: Metrics["points"] = [];
  let tasksOpen = openNow;
  for (let age = 0; age < Math.min(decided.length, happened.length); age++) {
    const { purchased, refused } = decided[age] ?? NO_ATTEMPTS;
    const { completed, failed, opened } = happened[age] ?? NO_EVENTS;
    newestFirst.push({
      at: isoTime((step - age) * STEP_MS),
      purchased,
      refused,
      tasksCompleted: completed,
      tasksFailed: failed,
      // Counted a moment apart, so that they may differ by what happened in it.
      tasksOpen: Math.max(0, tasksOpen),
    });
    tasksOpen -= opened;
  }
  return newestFirst.reverse();
}

interface Counted {
  readonly step: number;
  /** The newest first. */
  readonly decided: readonly (typeof NO_ATTEMPTS)[];
  readonly happened: readonly (typeof NO_EVENTS)[];
  readonly openNow: number;
}

const NO_ATTEMPTS = { purchased: 0, refused: 0 };
const NO_EVENTS = { completed: 0, failed: 0, opened: 0 };

/** For what is missing of each of the two; the rest comes with later answers. */
const BUDGET_MS = 250;

function cachesOf(database: Database) {
  const known = caches.get(database) ?? {
    attempts: new StepCache((from, to) => countAttempts(database, from, to), NO_ATTEMPTS),
    taskEvents: new StepCache((from, to) => countTaskEvents(database, from, to), NO_EVENTS),
    taskTotal: new TaskTotal(database),
  };
  caches.set(database, known);
  return known;
}

const caches = new WeakMap<
  Database,
  {
    readonly attempts: StepCache<typeof NO_ATTEMPTS>;
    readonly taskEvents: StepCache<typeof NO_EVENTS>;
    readonly taskTotal: TaskTotal;
  }
>();

async function now({ db }: Database): Promise<number> {
  const [row] = await db.execute<{ ms: number }>(sql`select ${epochMs(sql`statement_timestamp()`)} as ms`);
  if (!row) throw new Error("the database answered no time");
  return row.ms;
}
