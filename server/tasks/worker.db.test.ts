import { describe, expect, it } from "vitest";
import { channelName } from "../database/listen.ts";
import { eventually } from "../testing/eventually.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { claimTasks } from "./claim.ts";
import { COMPLETED, doing, eventsOf, openTasks, passTime, rememberEnds } from "./engine.fixture.ts";
import { FatalTaskError, type TaskSource } from "./handler.ts";

/** Never, as far as a test is concerned: whatever happens has to be woken for. */
const NEVER_MS = 3_600_000;

describe("a worker", () => {
  it("begins a task when it is woken, and need not look for it", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    await engine.work({ pollMs: NEVER_MS, handlers: doing(async () => COMPLETED) });
    // It has looked once, and found nothing.
    await engine.submit({ taskId: "first" });
    await engine.reached("COMPLETED", ["first"]);
    await engine.submit({ taskId: "second" });
    await engine.reached("COMPLETED", ["second"]);
    expect(await eventsOf(test, "second")).toEqual(["submitted", "claimed", "completed"]);
  });

  it("claims a task that was retried although a second retry of it holds its row when the worker is woken", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    await engine.submit({ taskId: "again" });
    await test.sql`update tasks set status = 'FAILED', due_at = null where task_id = 'again'`;
    // A duplicate stands still before its commit, with the row locked, until the gate is opened.
    await test.sql.unsafe(`
      create function wait_at_gate() returns trigger language plpgsql as $$
      begin perform pg_advisory_xact_lock_shared(42); return new; end $$;
      create trigger gate before insert on task_log
        for each row when (new.event = 'duplicate') execute function wait_at_gate()`);
    const gate = await test.sql.reserve();
    await gate`select pg_advisory_lock(42)`;
    const retries = [1, 2].map(() => engine.tasks.retry("again", engine.actorId));
    expect(await Promise.race(retries)).toMatchObject({ duplicate: false });
    await eventually("a duplicate is at the gate", async () => {
      const [row] = await test.sql`
        select count(*)::int as count from pg_locks where locktype = 'advisory' and objid = 42 and not granted`;
      return row?.count === 1;
    });
    // Only now, so that it cannot be quicker than the duplicate.
    await engine.work({ pollMs: NEVER_MS, handlers: doing(async () => COMPLETED) });
    await engine.submit({ taskId: "other" });
    await engine.reached("COMPLETED", ["other"]);
    expect(await engine.tasks.byId("again")).toMatchObject({ status: "PENDING" });
    await gate`select pg_advisory_unlock(42)`;
    gate.release();
    expect((await Promise.all(retries)).filter(({ duplicate }) => duplicate)).toHaveLength(1);
    await engine.reached("COMPLETED", ["again"]);
  });

  it("runs as many at a time as it may, and no more", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    const gates = Array.from({ length: 7 }, () => Promise.withResolvers<void>());
    let running = 0;
    let most = 0;
    let begun = 0;
    const handlers = doing(async () => {
      most = Math.max(most, ++running);
      await gates[begun++]?.promise;
      running--;
      return COMPLETED;
    });
    await engine.work({ concurrency: 3, handlers });
    const ids = await Promise.all(gates.map(async () => (await engine.submit()).taskId));
    for (const [index, gate] of gates.entries()) {
      await eventually("all slots are taken", () => running === Math.min(3, gates.length - index));
      gate.resolve();
    }
    await engine.reached("COMPLETED", ids);
    expect(most).toBe(3);
  });

  it("begins the most urgent first, then those that have waited longest", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    const begun: unknown[] = [];
    for (const [taskId, priority] of [
      ["a", 0],
      ["b", 5],
      ["c", -1],
      ["d", 5],
      ["e", 0],
    ] as const) {
      await engine.submit({ taskId, priority });
    }
    await engine.work({ concurrency: 1, handlers: doing(async ({ taskId }) => void begun.push(taskId)) });
    await engine.reached("COMPLETED", ["a", "b", "c", "d", "e"]);
    expect(begun).toEqual(["b", "d", "a", "e", "c"]);
  });

  it("sets a poisoned task aside with the reason, and does its neighbours", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    const outcomes: Record<string, () => unknown> = {
      throws: () => {
        throw new Error("It always fails\0.");
      },
      fatal: () => {
        throw new FatalTaskError("Nothing can help.");
      },
      unstorable: () => ({ text: "\0" }),
      circular: () => circle,
    };
    const poisoned = Object.keys(outcomes);
    const good = Array.from({ length: 30 }, (_, n) => `good ${n}`.replace(" ", "-"));
    for (const taskId of [...good.slice(0, 15), ...poisoned, ...good.slice(15)]) {
      await engine.submit({ taskId, attemptsMax: 2, backoffMinMs: 1, backoffMaxMs: 1 });
    }
    const result = (taskId: string) => outcomes[taskId]?.() ?? { taskId };
    const handlers = doing(async ({ taskId }) => ({ kind: "completed", result: result(taskId) }));
    await engine.work({ concurrency: 50, handlers });
    await engine.reached("COMPLETED", good);
    await eventually("the others are given up", async () => {
      const found = await Promise.all(poisoned.map((taskId) => engine.tasks.byId(taskId)));
      return found.every(({ status, dueAt }) => status === "FAILED" && dueAt === null);
    });
    const reasons = await Promise.all(poisoned.map((taskId) => engine.tasks.byId(taskId)));
    expect(reasons.map(({ attempts, errorMessage }) => [attempts, errorMessage])).toEqual([
      [2, "It always fails."],
      [1, "Nothing can help."],
      [2, expect.stringContaining("Unicode")],
      [2, expect.stringContaining("circular")],
    ]);
    for (const taskId of good) expect((await engine.tasks.byId(taskId)).result).toEqual({ taskId });
  });

  it("gives a task up whose workers are lost each time, instead of going on for ever", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    const { taskId } = await engine.submit({ attemptsMax: 2 });
    const claim = (worker: string) =>
      claimTasks(test.database, { worker, wanted: [{ kind: "simulate", slots: 1 }], slots: 1 });
    expect(await claim("first")).toMatchObject({ tasks: [{ taskId, attempts: 1, version: 1 }], recovered: [] });
    await passTime(test, taskId);
    expect(await claim("second")).toMatchObject({
      tasks: [{ taskId, attempts: 2, version: 2 }],
      recovered: ["simulate"],
    });
    await passTime(test, taskId);
    expect(await claim("third")).toMatchObject({ tasks: [], recovered: ["simulate"], count: 1 });
    expect(await claim("third")).toMatchObject({ tasks: [], count: 0 });
    expect(await engine.tasks.byId(taskId)).toMatchObject({
      ...{ status: "FAILED", attempts: 2, dueAt: null, worker: null },
      errorMessage: "The last attempt was lost with its worker (second).",
      log: [
        { event: "submitted" },
        { event: "claimed", worker: "first" },
        { event: "recovered", attempt: 2, worker: "second", message: "The lease of first had ended." },
        { event: "failed", attempt: 2 },
      ],
    });
  });

  it("leaves paused kinds alone, and lets two through before it opens the doors again", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    let pausedMs = NEVER_MS;
    const begun: string[] = [];
    const gate = Promise.withResolvers<void>();
    const { simulate } = doing(async ({ taskId }) => {
      begun.push(taskId);
      await gate.promise;
      return COMPLETED;
    });
    const ids = await Promise.all(Array.from({ length: 6 }, async () => (await engine.submit()).taskId));
    let asked = 0;
    const handlers = {
      simulate: {
        ...simulate,
        pausedMs: () => {
          asked++;
          return pausedMs;
        },
      },
    };
    await engine.work({ handlers, pollMs: 20 });
    await eventually("it has looked a few times", () => asked > 3);
    expect(begun).toEqual([]);
    pausedMs = 0;
    const askedBefore = asked;
    await eventually("it has looked more often", () => asked > askedBefore + 5);
    expect(begun).toHaveLength(2);
    gate.resolve();
    await engine.reached("COMPLETED", ids);
  });

  it("keeps a lease for as long as an attempt takes", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    const gate = Promise.withResolvers<void>();
    const handlers = doing(async () => {
      await gate.promise;
      return COMPLETED;
    });
    await engine.work({ handlers });
    const { taskId } = await engine.submit({ leaseMs: 3_000 });
    await eventually("it is claimed", async () => (await engine.tasks.byId(taskId)).worker);
    // Another one stands ready for what looks abandoned.
    await engine.work({ handlers: doing(async () => COMPLETED), pollMs: 20 });
    const endOfLease = async () => (await engine.tasks.byId(taskId)).dueAt ?? "";
    const first = await endOfLease();
    await eventually("the first lease would have ended by now", async () => {
      const [row] = await test.sql<{ isOver: boolean }[]>`select clock_timestamp() > ${first}::timestamptz as "isOver"`;
      return row?.isOver;
    });
    gate.resolve();
    await engine.reached("COMPLETED", [taskId]);
    expect(await eventsOf(test, taskId)).toEqual(["submitted", "claimed", "completed"]);
  });

  it("tells an attempt that its lease was lost, and what it says then changes nothing", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    const { taskId } = await engine.submit({ leaseMs: 1_000 });
    const observer = rememberEnds();
    const aborted = Promise.withResolvers<unknown>();
    const handlers = doing(async (_task, signal) => {
      signal().addEventListener("abort", () => aborted.resolve(signal().reason));
      await aborted.promise;
      return { kind: "completed", result: "by the one that lost it" };
    });
    await engine.work({ handlers, observer });
    await eventually("it is claimed", async () => (await engine.tasks.byId(taskId)).status === "PROCESSING");
    await test.sql`update tasks set version = version + 1, worker = 'another' where task_id = ${taskId}`;
    expect(await aborted.promise).toMatchObject({ name: "LeaseLostError" });
    await eventually("the attempt has ended", () => observer.ends.length === 1);
    expect(observer.ends).toEqual(["lost"]);
    expect(await engine.tasks.byId(taskId)).toMatchObject({ status: "PROCESSING", worker: "another", result: null });
  });

  it("finishes what it has begun when it closes, and begins nothing more", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    const gate = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const handlers = doing(async () => {
      begun.resolve();
      await gate.promise;
      return COMPLETED;
    });
    const worker = await engine.work({ handlers, concurrency: 1 });
    const first = await engine.submit();
    await begun.promise;
    const second = await engine.submit();
    const closed = worker.close();
    gate.resolve();
    await closed;
    expect(await engine.tasks.byId(first.taskId)).toMatchObject({ status: "COMPLETED" });
    expect(await engine.tasks.byId(second.taskId)).toMatchObject({ status: "PENDING", attempts: 0 });
  });

  it("gives back what does not end in the time of grace, so that others need not wait for its lease", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    const begun = Promise.withResolvers<AbortSignal>();
    const handlers = doing(async (_task, signal) => {
      begun.resolve(signal());
      return new Promise(() => {});
    });
    const worker = await engine.work({ handlers, graceMs: 1 });
    const { taskId } = await engine.submit({ leaseMs: 600_000, backoffMinMs: 600_000, backoffMaxMs: 600_000 });
    const signal = await begun.promise;
    await worker.close();
    expect(signal.aborted).toBe(true);
    expect(await engine.tasks.byId(taskId)).toMatchObject({ status: "FAILED", attempts: 1, worker: null });
    await engine.work({ handlers: doing(async () => COMPLETED) });
    await engine.reached("COMPLETED", [taskId]);
    expect(await eventsOf(test, taskId)).toEqual(["submitted", "claimed", "failed", "claimed", "completed"]);
  });

  it("does not count an attempt that was too early", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    let early = 3;
    const handlers = doing(async () =>
      early-- > 0 ? { kind: "postponed", delayMs: 1, reason: "The goods are on their way." } : COMPLETED,
    );
    await engine.work({ handlers, pollMs: 20 });
    const { taskId } = await engine.submit({ attemptsMax: 1 });
    await engine.reached("COMPLETED", [taskId]);
    expect(await engine.tasks.byId(taskId)).toMatchObject({ attempts: 1, version: 8 });
    expect((await eventsOf(test, taskId)).filter((event) => event === "postponed")).toHaveLength(3);
  });

  it("derives tasks when it hears on a source's channel that there is something, until nothing is left", async () => {
    await using test = await createTestDatabase();
    await using engine = await openTasks(test);
    let sold = 0;
    const made: string[] = [];
    const source: TaskSource = {
      channel: "news",
      async derive() {
        if (sold === 0) return 0;
        sold--;
        made.push((await engine.submit({ taskId: `sold-${sold}` })).taskId);
        return 1;
      },
    };
    await engine.work({ pollMs: NEVER_MS, sources: [source], handlers: doing(async () => COMPLETED) });
    sold = 3;
    await test.sql`select pg_notify(${channelName(test.schema, "news")}, '')`;
    await eventually("all are made", () => made.length === 3);
    await engine.reached("COMPLETED", made);
  });
});
