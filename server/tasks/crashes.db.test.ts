import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { createTcpProxy } from "../testing/tcp-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { COMPLETED, doing, eventsOf, leaveEffect, makeEffects, openTasks, rememberEnds } from "./engine.fixture.ts";
import type { WorkerInstructions } from "./worker-process.fixture.ts";

it("a worker that is stopped past its lease and goes on changes nothing: the task was done once, by another", async () => {
  await using test = await createTestDatabase();
  await using engine = await openTasks(test);
  await makeEffects(test);
  await using stopped = await startProcess(test, "the stopped one");
  const { taskId } = await engine.submit({ leaseMs: 1_000, payload: { isGated: true } });
  await stopped.said(`began ${taskId}`);
  stopped.process.kill("SIGSTOP");
  await engine.work({
    instance: "another",
    pollMs: 50,
    handlers: doing(async (task) => ({ kind: "completed", result: 1, effect: leaveEffect(task.taskId, "another") })),
  });
  await engine.reached("COMPLETED", [taskId]);
  const before = await engine.tasks.byId(taskId);
  stopped.process.kill("SIGCONT");
  stopped.process.stdin?.write("go\n");
  await stopped.said("lost");
  expect(await engine.tasks.byId(taskId)).toEqual(before);
  expect(await eventsOf(test, taskId)).toEqual(["submitted", "claimed", "recovered", "completed"]);
  expect(await test.sql`select instance from effects`).toMatchObject([{ instance: "another" }]);
});

it("a thousand tasks take effect once each while workers are killed at random", async () => {
  await using test = await createTestDatabase();
  await makeEffects(test);
  await test.sql`
    with made as (
      insert into tasks (task_id, kind, payload, lease_ms, attempts_max, trace_id)
      select 'task ' || n, 'simulate', jsonb_build_object('ms', n % 20), 1000, 100, md5(n::text)
      from generate_series(1, 1000) as n
      returning id
    )
    insert into task_log (task, event, attempt, version) select id, 'submitted', 0, 0 from made`;
  const done = async () => {
    const [row] = await test.sql`select count(*)::int as count from tasks where status = 'COMPLETED'`;
    return Number(row?.count);
  };
  const workers = await Promise.all([1, 2].map((n) => startProcess(test, `worker ${n}`)));
  for (let kills = 1; kills <= 5; kills++) {
    const target = (await done()) + 100 + Math.floor(Math.random() * 50);
    await eventually("more are done", async () => (await done()) >= Math.min(target, 950));
    const victim = workers.splice(Math.floor(Math.random() * workers.length), 1)[0];
    await victim?.[Symbol.asyncDispose]();
    workers.push(await startProcess(test, `worker ${2 + kills}`));
  }
  await eventually("all are done", async () => (await done()) === 1_000);
  for (const worker of workers) await worker[Symbol.asyncDispose]();

  const [effects] = await test.sql`select count(*)::int as rows, count(distinct task_id)::int as tasks from effects`;
  expect(effects).toEqual({ rows: 1_000, tasks: 1_000 });
  const [log] = await test.sql`
    select
      count(*) filter (where event = 'completed')::int as completed,
      count(*) filter (where event in ('claimed', 'recovered'))::int as begun,
      (select sum(attempts)::int from tasks) as attempts,
      count(*)::int as transitions,
      (select sum(version + 1)::int from tasks) as versions
    from task_log`;
  expect(log).toMatchObject({ completed: 1_000, begun: log?.attempts, transitions: log?.versions });
  // Else nobody died with a task in their hands, and nothing was shown.
  expect(log?.begun).toBeGreaterThan(1_000);
});

it("a process whose clock is wrong by an hour, now ahead and now behind, works as any other", async () => {
  await using test = await createTestDatabase();
  await using engine = await openTasks(test);
  await makeEffects(test);
  await using _wrong = await startProcess(test, "the wrong one", { clockOffsetMs: 3_600_000 });
  const ids: string[] = [];
  for (let n = 0; n < 40; n++) {
    // A few outlast their lease, which has to be renewed meanwhile.
    const payload = { ms: n < 4 ? 1_800 : 5 };
    ids.push((await engine.submit({ leaseMs: 1_000, payload, runAfterMs: n % 2 === 0 ? 0 : 50 })).taskId);
  }
  // Another one, whose clock is right, takes over whatever looks abandoned.
  await using _right = await startProcess(test, "the right one");
  await engine.reached("COMPLETED", ids);
  const rows = await test.sql`select distinct attempts, version::int from tasks`;
  expect([...rows]).toEqual([{ attempts: 1, version: 2 }]);
  expect((await test.sql`select distinct event from task_log`).map(({ event }) => event).sort()).toEqual([
    "claimed",
    "completed",
    "submitted",
  ]);
  const [times] = await test.sql`
    select bool_and(at between created_at and clock_timestamp()) as right from task_log join tasks on tasks.id = task`;
  expect(times).toEqual({ right: true });
});

it("an effect whose COMMIT was never answered is there once, and the attempt counts as completed", async () => {
  await using test = await createTestDatabase();
  await using engine = await openTasks(test);
  await makeEffects(test);
  await using proxy = await createTcpProxy(test.url);
  const database = await test.open({ url: proxy.url });
  const observer = rememberEnds();
  let isLosing = true;
  const handlers = doing(async ({ taskId, payload }) => {
    // As it ends a message, alone or in the packet of a set: "read committed" begins a transaction.
    if (isLosing) proxy.loseAnswerTo(payload === "effect" ? "commit\0" : "commit  ");
    isLosing = false;
    return payload === "effect" ? { ...COMPLETED, effect: leaveEffect(taskId, "it") } : COMPLETED;
  });
  await engine.work({ database, handlers, observer, concurrency: 1 });
  const withEffect = await engine.submit({ payload: "effect" });
  await engine.reached("COMPLETED", [withEffect.taskId]);
  isLosing = true;
  const without = await engine.submit();
  await engine.reached("COMPLETED", [without.taskId]);
  await eventually("both have ended", () => observer.ends.length === 2);
  expect(observer.ends).toEqual(["COMPLETED", "COMPLETED"]);
  expect(engine.errors.map(String).join()).toContain("COMMIT");
  for (const { taskId } of [withEffect, without]) {
    expect(await eventsOf(test, taskId)).toEqual(["submitted", "claimed", "completed"]);
  }
  expect(await test.sql`select from effects`).toHaveLength(1);
});

it("a worker outlives its connections, and says so once each time", async () => {
  await using test = await createTestDatabase();
  await using engine = await openTasks(test);
  await makeEffects(test);
  await using proxy = await createTcpProxy(test.url);
  const database = await test.open({ url: proxy.url });
  const handlers = doing(async ({ taskId }) => ({ ...COMPLETED, effect: leaveEffect(taskId, "it") }));
  const ids = await Promise.all(
    Array.from({ length: 120 }, async () => (await engine.submit({ leaseMs: 1_000 })).taskId),
  );
  await engine.work({ database, databaseUrl: proxy.url, handlers, pollMs: 50 });
  const done = async () => (await test.sql`select from tasks where status = 'COMPLETED'`).length;
  await eventually("it has begun", async () => (await done()) > 10);
  proxy.refuse(true);
  proxy.cut();
  await eventually("it has noticed", () => engine.errors.length > 0);
  const told = engine.errors.length;
  proxy.refuse(false);
  await engine.reached("COMPLETED", ids);
  // Claims, ends and heartbeats have a voice each.
  expect(told).toBeLessThan(30);
  expect((await test.sql`select distinct task_id from effects`).length).toBe(120);
  expect((await test.sql`select from effects`).length).toBe(120);
});

interface WorkerProcess extends AsyncDisposable {
  readonly process: ChildProcess;
  /** Waits until it has said that line. */
  said(line: string): Promise<void>;
}

/** Starts a worker and resolves when it hears. Disposing it kills it. */
async function startProcess(
  test: TestDatabase,
  instance: string,
  { clockOffsetMs = 0 }: { clockOffsetMs?: number } = {},
): Promise<WorkerProcess> {
  const instructions: WorkerInstructions = { url: test.url, schema: test.schema, instance, clockOffsetMs };
  const script = new URL("./worker-process.fixture.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, JSON.stringify(instructions)], { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => void lines.push(line));
  const said = async (line: string) => {
    await eventually(`${instance} says "${line}"`, () => lines.includes(line));
  };
  await said("ready");
  return {
    process: child,
    said,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}
