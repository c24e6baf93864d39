import { describe, expect, it } from "vitest";
import { createDoorbusterClient } from "../../client/sdk/index.ts";
import { signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyer, makeItem } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { COMPLETED, doing, eventsOf, openTasks } from "./engine.fixture.ts";

/** Nobody works here unless the test says so. */
const WEB_ONLY = { ROLES: "web" };

describe("tasks through the API", () => {
  it("make one of ten submissions at once over two servers: one execution, ten answers", async () => {
    await using test = await createTestDatabase();
    await using one = await startTestApp(test, WEB_ONLY);
    await using two = await startTestApp(test, WEB_ONLY);
    await using engine = await openTasks(test);
    const { token } = await signedInOperator(test);
    let executions = 0;
    const handlers = doing(async () => {
      executions++;
      return COMPLETED;
    });
    await engine.work({ handlers });
    await engine.work({ handlers });
    const submit = (n: number) => {
      const body = { taskId: "only-once", payload: { n }, failureRate: 0 };
      const app = n % 2 === 0 ? one : two;
      return n < 5 ? app.send("/api/tasks", { token, body }) : app.mutate("tasks.submit", body, token);
    };
    const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => submit(n)));
    const tasks = answers.map(({ body }) => body.result?.data ?? body);
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(1);
    expect(new Set(tasks.map(({ payload }) => payload.n)).size).toBe(1);
    expect(tasks.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    await engine.reached("COMPLETED", ["only-once"]);
    expect(executions).toBe(1);
    const events = await eventsOf(test, "only-once");
    expect(events.filter((event) => event === "duplicate")).toHaveLength(9);
    expect(events.filter((event) => event !== "duplicate")).toEqual(["submitted", "claimed", "completed"]);
    const audited = await test.sql`select subject from audit_log where action = 'tasks.submit'`;
    expect(audited).toMatchObject([{ subject: "task:only-once" }]);
  });

  it("answer a task with its log, and give one that has failed another round, once, on record", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    await using engine = await openTasks(test);
    const operator = await signedInOperator(test);
    const sdk = createDoorbusterClient({ url: app.url, token: operator.token });
    let isBroken = true;
    const handlers = doing(async () => {
      if (isBroken) throw new Error("The belt has stopped.");
      return COMPLETED;
    });
    await engine.work({ handlers });
    const { taskId } = await sdk.tasks.submit({ attemptsMax: 2, backoffMinMs: 1, backoffMaxMs: 1 });
    await eventually("it is given up", async () => (await sdk.tasks.byId({ taskId })).dueAt === null);
    expect(await sdk.tasks.byId({ taskId })).toMatchObject({
      ...{ status: "FAILED", attempts: 2, attemptsMax: 2, errorMessage: "The belt has stopped.", duplicate: false },
      log: [
        { event: "submitted", version: 0, attempt: 0, worker: null },
        { event: "claimed", version: 1, attempt: 1, worker: "worker 1" },
        { event: "failed", version: 2, attempt: 1, message: "The belt has stopped." },
        { event: "claimed", version: 3, attempt: 2 },
        { event: "failed", version: 4, attempt: 2 },
      ],
    });
    isBroken = false;
    expect(await sdk.tasks.retry({ taskId })).toMatchObject({ status: "PENDING", attempts: 2, attemptsMax: 4 });
    await engine.reached("COMPLETED", [taskId]);
    expect(await sdk.tasks.byId({ taskId })).toMatchObject({ attempts: 3, errorMessage: null });
    await expect(sdk.tasks.retry({ taskId })).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
    await expect(sdk.tasks.retry({ taskId: "nobody's" })).rejects.toMatchObject({ code: "NOT_FOUND" });
    const audited =
      await test.sql`select action, actor_id from audit_log where subject = ${`task:${taskId}`} order by id`;
    expect(audited).toMatchObject([
      { action: "tasks.submit", actor_id: operator.id },
      { action: "tasks.retry", actor_id: operator.id },
    ]);
  });

  it("answer a retry of what is waiting as a duplicate, and change nothing", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    const { token } = await signedInOperator(test);
    const sdk = createDoorbusterClient({ url: app.url, token });
    const made = await sdk.tasks.submit({ taskId: "waits" });
    expect(await sdk.tasks.retry({ taskId: "waits" })).toEqual({ ...made, duplicate: true });
    expect(await sdk.tasks.submit({ taskId: "waits", payload: "other" })).toEqual({ ...made, duplicate: true });
    expect(await eventsOf(test, "waits")).toEqual(["submitted", "duplicate", "duplicate"]);
  });

  it("list by status, kind and the beginning of the id, page by page", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    const { token } = await signedInOperator(test);
    const sdk = createDoorbusterClient({ url: app.url, token });
    for (const taskId of ["a-1", "a-2", "a_3", "b-1", "a-4"]) await sdk.tasks.submit({ taskId });
    await test.sql`update tasks set status = 'FAILED', due_at = null where task_id = 'a-2'`;
    const ids = async (request: object) => (await sdk.tasks.list(request)).items.map(({ taskId }) => taskId);
    expect(await ids({})).toEqual(["a-4", "b-1", "a_3", "a-2", "a-1"]);
    expect(await ids({ taskId: "a-" })).toEqual(["a-4", "a-2", "a-1"]);
    expect(await ids({ taskId: "a_" })).toEqual(["a_3"]);
    expect(await ids({ status: "FAILED" })).toEqual(["a-2"]);
    expect(await ids({ status: "FAILED", kind: "dispatch" })).toEqual([]);
    const first = await sdk.tasks.list({ taskId: "a", limit: 2 });
    const second = await sdk.tasks.list({ taskId: "a", limit: 2, cursor: first.nextCursor });
    expect([...first.items, ...second.items].map(({ taskId }) => taskId)).toEqual(["a-4", "a_3", "a-2", "a-1"]);
    expect(second.nextCursor).toBeNull();
    await expect(sdk.tasks.list({ cursor: "nonsense" })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  });

  it("take a payload of 64 kB, and no more, while other bodies keep their limit", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    const { token } = await signedInOperator(test);
    // Every character takes three bytes, and six where a program escapes it.
    const text = "€".repeat((64 * 1_024 - 2) / 3);
    const escaped = JSON.stringify({ taskId: "escaped", payload: text }).replaceAll("€", "\\u20ac");
    expect((await app.send("/api/tasks", { token, body: escaped })).body.payload).toBe(text);
    const full = { taskId: "full", payload: `${text}${"x".repeat((64 * 1_024 - 2) % 3)}` };
    expect(JSON.stringify(full.payload).length).toBeGreaterThan(0);
    expect((await app.mutate("tasks.submit", full, token)).body.result.data.payload).toBe(full.payload);
    expect((await app.query("tasks.byId", { taskId: "full" }, token)).body.result.data.payload).toBe(full.payload);
    const over = { taskId: "over", payload: `${full.payload}x` };
    expect((await app.mutate("tasks.submit", over, token)).body.error.data).toMatchObject({ reason: "INVALID_INPUT" });
    expect(await app.send("/api/tasks", { token, body: over })).toMatchObject({ status: 400 });
    expect((await app.send("/api/tasks", { token, body: { payload: "x".repeat(300_000) } })).status).toBe(413);
    expect((await app.mutate("products.update", { productId: 1, name: "x".repeat(70_000) }, token)).status).toBe(413);
  });

  it("take any JSON, and refuse what cannot be stored or is too deep, with words", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    const { token } = await signedInOperator(test);
    const send = (payload: string) => app.send("/api/tasks", { token, body: `{"payload":${payload}}` });
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    for (const payload of [
      "null",
      "false",
      "0",
      '""',
      "[]",
      "{}",
      '{"a":[1,{"b":null}]}',
      '"\\\\u0000"',
      '"😀"',
      nested(200),
    ]) {
      const answer = await send(payload);
      expect({ payload, status: answer.status }).toEqual({ payload, status: 200 });
      const stored = await app.send(`/api/tasks/${answer.body.taskId}`, { token });
      expect(stored.body.payload).toEqual(JSON.parse(payload));
    }
    for (const payload of [
      '"\\u0000"',
      '["a\\u0000b"]',
      '{"\\u0000":1}',
      '"\\ud800"',
      '{"\\udc00":1}',
      nested(201),
      nested(30_000),
    ]) {
      const answer = await send(payload);
      expect({ payload: payload.slice(0, 20), status: answer.status }).toEqual({
        payload: payload.slice(0, 20),
        status: 400,
      });
      expect(answer.body.issues[0].message).toMatch(/payload/i);
    }
  });

  it("refuse a payload with a key named __proto__ at any depth, on every route, and lose nothing silently", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    const { token } = await signedInOperator(test);
    for (const payload of [
      '{"__proto__":{"a":1},"b":2}',
      '{"__proto__":null}',
      '{"\\u005f_proto__":1}',
      '[[{"a":{"b":[{"__proto__":[]}]}}]]',
      `${'{"a":'.repeat(198)}{"__proto__":1}${"}".repeat(198)}`,
    ]) {
      const body = `{"payload":${payload}}`;
      const byRest = await app.send("/api/tasks", { token, body });
      const byTrpc = await app.send("/trpc/tasks.submit", { token, body });
      const inBatch = await app.send("/trpc/tasks.submit?batch=1", { token, body: `{"0":${body}}` });
      expect({ payload, statuses: [byRest.status, byTrpc.status, inBatch.status] }).toEqual({
        payload,
        statuses: [400, 400, 400],
      });
      for (const { text } of [byRest, byTrpc, inBatch]) {
        expect(text).toContain('A payload cannot hold a key named \\"__proto__\\"');
      }
    }
    expect((await app.send("/api/tasks", { token, body: '{"__proto__":{"payload":1}}' })).status).toBe(400);
    // The words alone are harmless, and so are other keys that every object seems to have.
    const harmless = { __proto: 1, constructor: { prototype: "__proto__" }, toString: 1, hasOwnProperty: null };
    const { body } = await app.send("/api/tasks", { token, body: { payload: harmless } });
    expect((await app.send(`/api/tasks/${body.taskId}`, { token })).body.payload).toEqual(harmless);
    expect(await test.sql`select from tasks`).toHaveLength(1);
  });

  it("refuse an id that no address could end with", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    const { token } = await signedInOperator(test);
    for (const taskId of [".", ".."]) {
      for (const answer of [
        await app.send("/api/tasks", { token, body: { taskId } }),
        await app.mutate("tasks.submit", { taskId }, token),
      ]) {
        expect({ taskId, status: answer.status }).toEqual({ taskId, status: 400 });
        expect(answer.text).toContain("A task cannot be called");
      }
    }
    for (const taskId of ["...", ".a", "a/..", "%2e", "?", "#"]) {
      expect((await app.send("/api/tasks", { token, body: { taskId } })).status).toBe(200);
      const read = await app.send(`/api/tasks/${encodeURIComponent(taskId)}`, { token });
      expect({ status: read.status, taskId: read.body.taskId }).toEqual({ status: 200, taskId });
    }
  });

  it("take the longest back-off alone, also one below the shortest that is usual", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    const { token } = await signedInOperator(test);
    const backOffs = async (input: object) => {
      const { status, body } = await app.send("/api/tasks", { token, body: input });
      if (status !== 200) return status;
      const rows = await test.sql`select backoff_min_ms, backoff_max_ms from tasks where task_id = ${body.taskId}`;
      return rows.map((row) => [row.backoff_min_ms, row.backoff_max_ms])[0];
    };
    expect(await backOffs({})).toEqual([500, 10_000]);
    expect(await backOffs({ backoffMaxMs: 100 })).toEqual([100, 100]);
    expect(await backOffs({ backoffMaxMs: 600 })).toEqual([500, 600]);
    expect(await backOffs({ backoffMinMs: 50 })).toEqual([50, 10_000]);
    expect(await backOffs({ backoffMinMs: 200, backoffMaxMs: 100 })).toBe(400);
  });

  it("refuse an id that belongs to what was sold", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, WEB_ONLY);
    const { token } = await signedInOperator(test);
    const itemId = await makeItem(test.database, { stock: 5 });
    const userId = await makeBuyer(test.database);
    const bought = await app.services.purchaseBatcher.buy({ userId, itemId, quantity: 1, idempotencyKey: "k" });
    if (bought.outcome !== "purchased") throw new Error(bought.message);
    for (const taskId of ["order-7", "receipt-x", bought.purchaseId, bought.purchaseId.toUpperCase()]) {
      const answer = await app.send("/api/tasks", { token, body: { taskId } });
      expect({ taskId, status: answer.status }).toEqual({ taskId, status: 400 });
      expect(answer.body.message).toMatch(/belongs to/);
    }
    expect((await app.send("/api/tasks", { token, body: { kind: "dispatch" } })).status).toBe(400);
    expect((await app.send("/api/tasks", { token, body: { backoffMinMs: 20_000 } })).status).toBe(400);
    expect(await test.sql`select from tasks where kind = 'simulate'`).toHaveLength(0);
  });
});
