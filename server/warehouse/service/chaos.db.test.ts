import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../../../client/sdk/testing/fake-clock.ts";
import { CHAOS_FAULTS, type ChaosFault } from "../../../shared/operations.ts";
import { eventually } from "../../testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { METRICS_TOKEN, startTestWarehouse, type TestWarehouse, WAREHOUSE_SCHEMA } from "./warehouse.fixture.ts";

const clock = new FakeClock();
let test: TestDatabase;
let warehouse: TestWarehouse;
let crashes = 0;

beforeAll(async () => {
  test = await createTestDatabase();
  warehouse = await startTestWarehouse(test, {
    chaosAllowed: CHAOS_FAULTS,
    time: clock,
    crash: () => void crashes++,
  });
  await warehouse.receive("goods", [[1, 100]]);
});

afterAll(async () => {
  await warehouse.close();
  await test[Symbol.asyncDispose]();
});

beforeEach(() => control({ action: "stop" }));

function control(body: unknown) {
  return warehouse.send("/chaos", { body });
}

function start(fault: ChaosFault, settings: object = {}) {
  return control({ action: "start", fault, ...settings });
}

/** What is there, seen without asking the warehouse. */
async function unitsOnHand(): Promise<number> {
  const [row] = await test.sql`select stock_quantity::int as units from ${test.sql(WAREHOUSE_SCHEMA)}.products`;
  return row?.units;
}

describe("latency", () => {
  it("comes before the work, and the answer is the usual one", async () => {
    await start("latency", { latencyMs: 3_000 });
    const units = await unitsOnHand();
    const sent = clock.started;
    const answer = warehouse.dispatch("late", [[1, 1]]);
    await eventually("the call waits", () => clock.started > sent);
    expect(await unitsOnHand()).toBe(units);
    clock.advance(3_000);
    expect(await answer).toMatchObject({ status: 200, body: { outcome: "done", replayed: false } });
    expect(await unitsOnHand()).toBe(units - 1);
  });

  it("does not hold up a service that closes", async () => {
    const own = new FakeClock();
    const closing = await startTestWarehouse(test, { chaosAllowed: CHAOS_FAULTS, time: own });
    await closing.send("/chaos", { body: { action: "start", fault: "latency", latencyMs: 60_000 } });
    const answer = closing.dispatch("late-while-closing", [[1, 1]]);
    await eventually("the call waits", () => own.pending > 0);
    await closing.close();
    expect(await answer).toMatchObject({ status: 200, body: { outcome: "done" } });
  });
});

describe("errors", () => {
  it("are answered before any work, until they end", async () => {
    await start("errors", { durationMs: 5_000 });
    const failed = await warehouse.dispatch("failing", [[1, 1]]);
    expect(failed.status).toBe(503);
    expect(failed.body).toEqual({
      code: "UNAVAILABLE",
      message: "The warehouse was told to fail for a while.",
      requestId: expect.any(String),
    });
    expect((await warehouse.send("/inventory")).status).toBe(503);
    clock.advance(5_000);
    expect(await warehouse.dispatch("failing", [[1, 1]])).toMatchObject({ status: 200, body: { replayed: false } });
  });
});

describe("refused connections", () => {
  it("are cut, while health, chaos and metrics can be reached", async () => {
    await start("refuse");
    await expect(warehouse.dispatch("refused", [[1, 1]])).rejects.toThrow("fetch failed");
    await expect(warehouse.send("/inventory")).rejects.toThrow("fetch failed");
    const reached = [
      await warehouse.send("/health/live", { secret: null }),
      await warehouse.send("/health/ready", { secret: null }),
      await warehouse.send("/metrics", { secret: METRICS_TOKEN }),
      await warehouse.send("/chaos"),
    ];
    expect(reached.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await control({ action: "stop" });
    expect(await warehouse.dispatch("refused", [[1, 1]])).toMatchObject({ status: 200, body: { replayed: false } });
  });
});

describe("a crash", () => {
  it("comes after the commit and before the answer, once, and not for a replay", async () => {
    const before = await unitsOnHand();
    await warehouse.dispatch("earlier", [[1, 1]]);
    await start("crash");
    expect((await warehouse.dispatch("earlier", [[1, 1]])).body).toMatchObject({ replayed: true });
    expect(crashes).toBe(0);
    await expect(warehouse.dispatch("crashing", [[1, 5]])).rejects.toThrow("fetch failed");
    expect(crashes).toBe(1);
    expect(await warehouse.dispatch("crashing", [[1, 5]])).toMatchObject({ status: 200, body: { replayed: true } });
    expect(await unitsOnHand()).toBe(before - 6);
    await warehouse.receive("goods-after", [[1, 1]]);
    expect(crashes).toBe(1);
  });
});

describe("the switches", () => {
  it("tell what is on, and until when", async () => {
    const { body } = await start("latency", { durationMs: 60_000, latencyMs: 200, rate: 0.5 });
    expect(body).toEqual({
      allowed: [...CHAOS_FAULTS],
      active: [{ fault: "latency", until: expect.stringMatching(/^\d{4}-.*Z$/), latencyMs: 200, rate: 0.5 }],
    });
    expect(await warehouse.send("/chaos")).toMatchObject({ status: 200, body });
    expect(await warehouse.metric('doorbuster_warehouse_chaos_active{fault="latency"}')).toBe(1);
    expect(await warehouse.metric('doorbuster_warehouse_chaos_active{fault="crash"}')).toBe(0);
  });

  it("end one fault and leave the others, or end all", async () => {
    for (const fault of ["latency", "errors", "refuse"] as const) await start(fault);
    const { status, body } = await control({ action: "stop", fault: "refuse" });
    expect(status).toBe(200);
    expect(body.active).toMatchObject([{ fault: "latency" }, { fault: "errors" }]);
    expect((await warehouse.send("/inventory")).status).toBe(503);
    expect((await control({ action: "stop" })).body.active).toEqual([]);
  });

  it("refuse a fault that is not allowed here, with words", async () => {
    await using careful = await startTestWarehouse(test, { chaosAllowed: ["latency"] });
    const { status, body } = await careful.send("/chaos", { body: { action: "start", fault: "crash" } });
    expect(status).toBe(403);
    expect(body).toMatchObject({ code: "FORBIDDEN", message: expect.stringContaining("CHAOS_ALLOWED") });
  });

  it("refuse a fault without an end in sight", async () => {
    for (const body of [
      { action: "start", fault: "errors", durationMs: 600_001 },
      { action: "start", fault: "errors", rate: 0 },
      { action: "start", fault: "fire" },
      { action: "stop", fault: "fire" },
      { action: "pause" },
      {},
      null,
    ]) {
      expect(await control(body)).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
    }
    expect((await warehouse.send("/chaos")).body.active).toEqual([]);
  });

  it("can be on from the start, until a time", async () => {
    const until = new Date(Date.now() + 60_000).toISOString();
    await using failing = await startTestWarehouse(test, {
      chaosAllowed: ["errors"],
      chaos: { faults: ["errors"], until },
    });
    expect((await failing.send("/inventory")).status).toBe(503);
  });
});
