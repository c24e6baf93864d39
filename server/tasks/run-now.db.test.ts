import { expect, it } from "vitest";
import { createTestDatabase } from "../testing/test-database.ts";
import { COMPLETED, doing, eventsOf, leaveEffect, makeEffects, openTasks } from "./engine.fixture.ts";

it("does a task at once, with its effect, in the process that asks", async () => {
  await using test = await createTestDatabase();
  await makeEffects(test);
  await using engine = await openTasks(
    test,
    doing(async ({ taskId }) => ({ kind: "completed", result: "done", effect: leaveEffect(taskId, "here") })),
  );
  const { taskId } = await engine.submit();
  expect(await engine.tasks.runNow(taskId, 1_000)).toMatchObject({ status: "COMPLETED", result: "done", attempts: 1 });
  // Once more is nothing more.
  expect(await engine.tasks.runNow(taskId, 1_000)).toMatchObject({ status: "COMPLETED", attempts: 1 });
  expect(await test.sql`select task_id, instance from effects`).toEqual([{ task_id: taskId, instance: "here" }]);
  await expect(engine.tasks.runNow("nobody's", 1_000)).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("leaves what does not end in time to the workers", async () => {
  await using test = await createTestDatabase();
  let signal: AbortSignal | undefined;
  await using engine = await openTasks(
    test,
    doing(async (_task, ofAttempt) => {
      signal = ofAttempt();
      return new Promise(() => {});
    }),
  );
  const { taskId } = await engine.submit({ backoffMinMs: 1, backoffMaxMs: 1 });
  const task = await engine.tasks.runNow(taskId, 50);
  expect(task).toMatchObject({ status: "FAILED", attempts: 1, worker: null });
  expect(task.errorMessage).toContain("had not ended");
  expect(signal?.aborted).toBe(true);
  await engine.work({ handlers: doing(async () => COMPLETED) });
  await engine.reached("COMPLETED", [taskId]);
});

it("of two that ask at once, one does it and the other sees that it is being done", async () => {
  await using test = await createTestDatabase();
  let executions = 0;
  const gate = Promise.withResolvers<void>();
  await using engine = await openTasks(
    test,
    doing(async () => {
      executions++;
      await gate.promise;
      return COMPLETED;
    }),
  );
  const { taskId } = await engine.submit();
  const both = [engine.tasks.runNow(taskId, 10_000), engine.tasks.runNow(taskId, 10_000)];
  const first = await Promise.race(both);
  expect(first).toMatchObject({ status: "PROCESSING", worker: "a web process" });
  gate.resolve();
  const statuses = (await Promise.all(both)).map(({ status }) => status);
  expect(statuses.sort()).toEqual(["COMPLETED", "PROCESSING"]);
  expect(executions).toBe(1);
});

it("does not try what is paused, waits for its back-off or is to begin later", async () => {
  await using test = await createTestDatabase();
  let pausedMs = 1;
  const handlers = doing(async () => {
    throw new Error("It fails.");
  });
  await using engine = await openTasks(test, { simulate: { ...handlers.simulate, pausedMs: () => pausedMs } });
  const { taskId } = await engine.submit({ backoffMinMs: 600_000, backoffMaxMs: 600_000 });
  expect(await engine.tasks.runNow(taskId, 1_000)).toMatchObject({ status: "PENDING", attempts: 0 });
  pausedMs = 0;
  expect(await engine.tasks.runNow(taskId, 1_000)).toMatchObject({ status: "FAILED", attempts: 1 });
  expect(await engine.tasks.runNow(taskId, 1_000)).toMatchObject({ status: "FAILED", attempts: 1 });
  const later = await engine.submit({ runAfterMs: 600_000 });
  expect(await engine.tasks.runNow(later.taskId, 1_000)).toMatchObject({ status: "PENDING", attempts: 0 });
  expect(await eventsOf(test, taskId)).toEqual(["submitted", "claimed", "failed"]);
});
