import fc from "fast-check";
import { expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { claimTasks } from "./claim.ts";
import { leaveEffect, makeEffects, openTasks, passTime, type TestTasks } from "./engine.fixture.ts";
import { type HeldTask, LeaseLostError } from "./handler.ts";
import { renewLeases } from "./leases.ts";
import { type Settlement, settle, settleWithEffect } from "./settle.ts";

/*
 * The task machine against a model of it. Workers are names here, and each remembers every lease that it was ever given:
 * so most of what they try is stale, as after crashes and pauses. Time passes when a command says so.
 */

it("does what its model does, whatever workers do, and however late", async () => {
  await using test = await createTestDatabase();
  await using engine = await openTasks(test);
  await makeEffects(test);
  let run = 0;
  let stale = 0;
  await fc.assert(
    fc.asyncProperty(commands(), async (steps) => {
      const world: World = {
        test,
        engine,
        prefix: `run${run++}-`,
        tasks: new Map(),
        held: [],
        effects: new Map(),
        stale: 0,
      };
      for (const step of steps) {
        await take(world, step);
        await compare(world);
      }
      stale += world.stale;
      await compareLogs(world);
      // Out of the way of the next run.
      await test.sql`
        update tasks set status = 'COMPLETED', due_at = null, worker = null where status not in ('COMPLETED', 'CANCELLED')`;
    }),
    { numRuns: 40 },
  );
  // Else nothing was shown of what matters most.
  expect(stale).toBeGreaterThan(5);
});

interface World {
  readonly test: TestDatabase;
  readonly engine: TestTasks;
  readonly prefix: string;
  readonly tasks: Map<string, ModelTask>;
  /** Every lease that was ever given, and to whom. */
  readonly held: { readonly worker: string; readonly task: HeldTask }[];
  readonly effects: Map<string, number>;
  /** How often a lease was used that somebody else had by then. */
  stale: number;
}

interface ModelTask {
  status: "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED";
  version: number;
  attempts: number;
  attemptsMax: number;
  readonly attemptsARound: number;
  worker: string | null;
  /** Whether it may be claimed now; `never` by itself. */
  due: "now" | "later" | "never";
  readonly events: string[];
}

type Step =
  | { readonly do: "submit"; readonly name: number; readonly attemptsMax: number }
  | { readonly do: "retry" | "time passes"; readonly name: number }
  /** All leases and back-offs end, and somebody claims what is there: as after a crash or a long pause. */
  | { readonly do: "take over"; readonly worker: number }
  | { readonly do: "claim"; readonly worker: number; readonly slots: number }
  | { readonly do: "heartbeat"; readonly worker: number }
  | {
      readonly do: "settle";
      readonly leases: readonly number[];
      readonly to: Settlement["to"];
      readonly isFatal: boolean;
    }
  | { readonly do: "complete with effect"; readonly lease: number };

function commands(): fc.Arbitrary<Step[]> {
  const name = fc.nat(NAME_MAX);
  const worker = fc.nat(2);
  const lease = fc.oneof(fc.nat(2), fc.nat(30));
  return fc.array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant("submit" as const), name, attemptsMax: fc.integer({ min: 1, max: 3 }) }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant("claim" as const), worker, slots: fc.integer({ min: 1, max: 4 }) }),
      },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("time passes" as const), name }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("retry" as const), name }) },
      { weight: 3, arbitrary: fc.record({ do: fc.constant("take over" as const), worker }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant("heartbeat" as const), worker }) },
      {
        weight: 3,
        arbitrary: fc.record({
          do: fc.constant("settle" as const),
          leases: fc.uniqueArray(lease, { minLength: 1, maxLength: 3 }),
          to: fc.constantFrom("COMPLETED" as const, "FAILED" as const, "PENDING" as const),
          isFatal: fc.boolean(),
        }),
      },
      { weight: 2, arbitrary: fc.record({ do: fc.constant("complete with effect" as const), lease }) },
    ),
    { minLength: 20, maxLength: 60, size: "max" },
  );
}

/** Does a step for real, holds its answer to the model, and does it in the model. */
async function take(world: World, step: Step): Promise<void> {
  switch (step.do) {
    case "submit":
      return submit(world, step);
    case "retry":
      return retry(world, step);
    case "time passes":
      return letTimePass(world, step);
    case "take over":
      for (let name = 0; name <= NAME_MAX; name++) await letTimePass(world, { name });
      return claim(world, { do: "claim", worker: step.worker, slots: NAME_MAX + 1 });
    case "claim":
      return claim(world, step);
    case "heartbeat":
      return heartbeat(world, step);
    case "settle":
      return settleSome(world, step);
    case "complete with effect":
      return completeOne(world, step);
    default:
      return step satisfies never;
  }
}

async function submit({ engine, prefix, tasks }: World, { name, attemptsMax }: Step & { do: "submit" }): Promise<void> {
  const taskId = `${prefix}${name}`;
  const answer = await engine.submit({ taskId, attemptsMax });
  const existing = tasks.get(taskId);
  expect(answer.duplicate).toBe(existing !== undefined);
  if (existing) existing.events.push("duplicate");
  else {
    const counts = { version: 0, attempts: 0, attemptsMax, attemptsARound: attemptsMax };
    tasks.set(taskId, { status: "PENDING", ...counts, worker: null, due: "now", events: ["submitted"] });
  }
}

async function retry({ engine, prefix, tasks }: World, { name }: { name: number }): Promise<void> {
  const taskId = `${prefix}${name}`;
  const task = tasks.get(taskId);
  const answer = await engine.tasks.retry(taskId, engine.actorId).catch((error: unknown) => error);
  if (!task) expect(answer).toMatchObject({ code: "NOT_FOUND" });
  else if (task.status === "COMPLETED") expect(answer).toMatchObject({ code: "NOT_ALLOWED_NOW" });
  else if (task.status === "FAILED") {
    expect(answer).toMatchObject({ duplicate: false });
    const attemptsMax = task.attempts + task.attemptsARound;
    Object.assign(task, { status: "PENDING", version: task.version + 1, attemptsMax, due: "now" });
    task.events.push("retried");
  } else {
    expect(answer).toMatchObject({ duplicate: true });
    task.events.push("duplicate");
  }
}

async function letTimePass({ test, prefix, tasks }: World, { name }: { name: number }): Promise<void> {
  const task = tasks.get(`${prefix}${name}`);
  if (!task || task.due === "never") return;
  await passTime(test, `${prefix}${name}`);
  task.due = "now";
}

async function claim({ test, tasks, held }: World, step: Step & { do: "claim" }): Promise<void> {
  const worker = `worker ${step.worker}`;
  const due = [...tasks.values()].filter((task) => task.due === "now");
  const wanted = [{ kind: "simulate" as const, slots: step.slots }];
  const claimed = await claimTasks(test.database, { worker, wanted, slots: step.slots });
  expect(claimed.count).toBe(Math.min(step.slots, due.length));
  const given = new Set(claimed.tasks.map(({ taskId }) => taskId));
  for (const task of claimed.tasks) held.push({ worker, task });
  // Which of those that are due it took is left open; what is to become of each is not.
  const rows =
    await test.sql`select task_id, version::int, status from tasks where task_id = any (${[...tasks.keys()]})`;
  for (const { task_id: taskId, version } of rows) {
    const task = tasks.get(taskId);
    if (!task || task.version === version) continue;
    expect({ taskId, due: task.due, version: task.version + 1 }).toEqual({ taskId, due: "now", version });
    const isOver = task.status === "PROCESSING" && task.attempts >= task.attemptsMax;
    expect(given.has(taskId)).toBe(!isOver);
    task.events.push(isOver ? "failed" : task.status === "PROCESSING" ? "recovered" : "claimed");
    if (isOver) Object.assign(task, { status: "FAILED", version, worker: null, due: "never" });
    else Object.assign(task, { status: "PROCESSING", version, attempts: task.attempts + 1, worker, due: "later" });
  }
}

async function heartbeat(world: World, step: { worker: number }): Promise<void> {
  const leases = world.held.filter(({ worker }) => worker === `worker ${step.worker}`).map(({ task }) => task);
  // The newest of each task, as a process has it.
  const newest = [...new Map(leases.map((task) => [task.id, task])).values()];
  const { renewed, lost } = await renewLeases(world.test.database, newest);
  for (const task of newest) {
    const model = world.tasks.get(task.taskId);
    const isHeld = model?.version === task.version;
    expect({ renewed: renewed.has(task.id), lost: lost.has(task.id) }).toEqual({
      renewed: isHeld,
      lost: !isHeld,
    });
    if (isHeld && model) model.due = "later";
  }
}

async function settleSome(world: World, step: Step & { do: "settle" }): Promise<void> {
  const leases = step.leases.flatMap((index) => leaseAt(world, index) ?? []);
  // A process has a task once.
  const some = [...new Map(leases.map((lease) => [lease.task.id, lease])).values()];
  const settlements = some.map(({ task }): Settlement => {
    if (step.to === "COMPLETED") return { to: "COMPLETED", task, text: "1", delayMs: null };
    if (step.to === "PENDING") return { to: "PENDING", task, text: "too early", delayMs: LATER_MS };
    return { to: "FAILED", task, text: "failed", delayMs: step.isFatal ? null : LATER_MS };
  });
  const stored = await settle(world.test.database, "somebody", settlements);
  for (const { task } of some) {
    const model = heldInModel(world, task);
    expect({ task: task.taskId, stored: stored.has(task.id) }).toEqual({
      task: task.taskId,
      stored: model !== undefined,
    });
    if (!model) continue;
    Object.assign(model, { status: step.to, version: model.version + 1, worker: null });
    if (step.to === "COMPLETED") Object.assign(model, { due: "never" });
    else if (step.to === "PENDING") Object.assign(model, { due: "later", attempts: model.attempts - 1 });
    else Object.assign(model, { due: step.isFatal || model.attempts >= model.attemptsMax ? "never" : "later" });
    model.events.push({ COMPLETED: "completed", PENDING: "postponed", FAILED: "failed" }[step.to]);
  }
}

async function completeOne(world: World, step: { lease: number }): Promise<void> {
  const lease = leaseAt(world, step.lease);
  if (!lease) return;
  const { taskId } = lease.task;
  const completing = settleWithEffect(
    world.test.database,
    lease.worker,
    { to: "COMPLETED", task: lease.task, text: "2", delayMs: null },
    leaveEffect(taskId, lease.worker),
  );
  const model = heldInModel(world, lease.task);
  if (!model) return expect(completing).rejects.toThrow(LeaseLostError);
  await completing;
  Object.assign(model, { status: "COMPLETED", version: model.version + 1, worker: null, due: "never" });
  model.events.push("completed");
  world.effects.set(taskId, 1);
}

/** Any that was ever given, counted from the newest, which is mostly the one that still holds. */
function leaseAt({ held }: World, index: number): World["held"][number] | undefined {
  return held.at(-1 - (index % held.length));
}

/** The task, if this lease is still its newest. */
function heldInModel(world: World, { taskId, version }: HeldTask): ModelTask | undefined {
  const task = world.tasks.get(taskId);
  if (task?.version === version) return task;
  if (task?.status === "PROCESSING") world.stale++;
  return undefined;
}

const LATER_MS = 3_600_000;

/** Few, so that workers meet. */
const NAME_MAX = 2;

async function compare({ test, tasks, effects }: World): Promise<void> {
  const rows = await test.sql`
    select
      task_id as id, status, version::int, attempts, attempts_max as "attemptsMax", worker,
      case when due_at is null then 'never' when due_at <= clock_timestamp() then 'now' else 'later' end as due,
      (select count(*)::int from effects where effects.task_id = tasks.task_id) as effects
    from tasks
    where task_id = any (${[...tasks.keys()]})
    order by task_id`;
  const expected = [...tasks.entries()]
    .map(([id, { events: _, attemptsARound: __, ...task }]) => ({ id, ...task, effects: effects.get(id) ?? 0 }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  expect([...rows]).toEqual(expected);
}

async function compareLogs({ test, tasks }: World): Promise<void> {
  for (const [taskId, { events }] of tasks) {
    const rows = await test.sql`
      select event from task_log join tasks on tasks.id = task where task_id = ${taskId} order by task_log.id`;
    expect(rows.map(({ event }) => event)).toEqual(events);
  }
}
