import { describe, expect, it } from "vitest";
import { type Fulfilling, startFulfilling } from "../fulfilment/fulfilling.fixture.ts";
import { allDone, buyOne, isAllDone, placeOrderOf } from "../fulfilment/workers.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { type WarehouseClient, WarehouseUnavailableError } from "../warehouse/client/warehouse-client.ts";
import { chaosState, controlChaos } from "./chaos.ts";
import { readLatestRun } from "./chaos-run.ts";
import { countDispatches } from "./count-dispatches.ts";
import { readVerdict } from "./verdict.ts";

const ALL = { chaosAllowed: ["latency", "errors", "refuse", "crash"] as const };

describe("the verdict on faults", () => {
  it("is none where there were none", async () => {
    await using shop = await startFulfilling(ALL);
    expect(await readVerdict(shop.services)).toBeNull();
  });

  it("counts what was open or came later, and finds it dispatched once after the end", async () => {
    await using shop = await startFulfilling(ALL);
    const { test } = shop;
    await shop.work();
    await placeOrderOf(test);
    await allDone(test);
    // What was done before the first fault is none of its business.
    await start(shop, "errors");
    await buyOne(test);
    await placeOrderOf(test);
    const during = await verdict(shop, ({ counts }) => counts?.waiting === 2 || counts === null);
    expect(during.recoveredAfterMs).toBeNull();
    await start(shop, "latency", { latencyMs: 1 });
    await controlChaos(shop.services, shop.operatorId, { action: "stop" });
    // The breaker may have opened, which alone lasts 10 s.
    await eventually("everything is dispatched", () => isAllDone(test));
    const after = await verdict(shop, ({ counts }) => counts?.dispatched === 2);
    expect(after).toMatchObject({
      faults: ["errors", "latency"],
      counts: { tasks: 2, dispatched: 2, refused: 0, cancelled: 0, waiting: 0, lost: 0, doubled: 0 },
      agrees: true,
      isPartial: false,
    });
    expect(after.recoveredAfterMs).toBeGreaterThan(0);
    expect(Date.parse(after.endsAt)).toBeGreaterThanOrEqual(Date.parse(after.startedAt));
  });

  it("finds what was lost, and what was taken twice, in another number or after it was cancelled", async () => {
    await using shop = await startFulfilling(ALL);
    const { test } = shop;
    const openAtStart = await placeOrderOf(test);
    await start(shop, "errors", { durationMs: 1_000 });
    const tasks = [openAtStart, ...(await Promise.all([1, 2, 3, 4, 5].map(() => placeOrderOf(test))))].map(
      ({ taskId }) => taskId,
    );
    await controlChaos(shop.services, shop.operatorId, { action: "stop" });
    await shop.work();
    await allDone(test);
    await test.sql`alter table warehouse.inventory_updates disable trigger user`;
    await test.sql`alter table tasks disable trigger user`;
    // The first one, which was open at the start, is left as it is.
    const [, lost, twice, other, cancelled] = tasks as [string, string, string, string, string];
    await test.sql`delete from warehouse.inventory_updates where reference = ${lost}`;
    // In two portions, which are right together.
    await test.sql`
      update warehouse.inventory_updates
      set quantity_change = quantity_change + 1, new_stock = new_stock + 1
      where reference = ${twice}`;
    await test.sql`
      insert into warehouse.inventory_updates (product_id, quantity_change, previous_stock, new_stock, reference,
        idempotency_key)
      select product_id, -1, new_stock, new_stock - 1, reference, 'another'
      from warehouse.inventory_updates
      where reference = ${twice}`;
    await test.sql`
      update warehouse.inventory_updates
      set quantity_change = quantity_change - 1, new_stock = new_stock - 1
      where reference = ${other}`;
    await test.sql`update tasks set status = 'CANCELLED', result = null where task_id = ${cancelled}`;
    expect(await readVerdict(shop.services)).toMatchObject({
      counts: { tasks: 6, dispatched: 5, cancelled: 1, waiting: 0, lost: 1, doubled: 3 },
    });
  });

  it("knows what was dispatched before the faults began, though its answer was lost", async () => {
    await using shop = await startFulfilling(ALL);
    const once = await placeOrderOf(shop.test);
    const twice = await placeOrderOf(shop.test);
    const dispatch = ({ taskId, productId }: typeof once, key: string) =>
      shop.service.dispatch(key, [[productId, 3]], taskId);
    for (const { productId, taskId } of [once, twice]) await shop.service.receive(`of-${taskId}`, [[productId, 10]]);
    await dispatch(once, "a");
    await dispatch(twice, "b");
    await start(shop, "latency", { latencyMs: 1 });
    await dispatch(twice, "c");
    expect(await readVerdict(shop.services)).toMatchObject({ counts: { tasks: 2, waiting: 2, lost: 0, doubled: 1 } });
  });

  it("tells apart what waits, was refused and was cancelled, purchases without a task included", async () => {
    await using shop = await startFulfilling(ALL);
    const { test } = shop;
    await start(shop, "latency", { latencyMs: 1, durationMs: 1_000 });
    const refused = await placeOrderOf(test);
    const cancelled = await placeOrderOf(test);
    await placeOrderOf(test);
    await buyOne(test);
    await test.sql`alter table tasks disable trigger user`;
    await test.sql`
      update tasks set status = 'COMPLETED', due_at = null, result = '{"outcome": "refused", "code": "SHORTAGE"}'
      where task_id = ${refused.taskId}`;
    await test.sql`update tasks set status = 'CANCELLED', due_at = null where task_id = ${cancelled.taskId}`;
    await controlChaos(shop.services, shop.operatorId, { action: "stop" });
    expect(await readVerdict(shop.services)).toMatchObject({
      counts: { tasks: 4, dispatched: 0, refused: 1, cancelled: 1, waiting: 2, lost: 0, doubled: 0 },
      recoveredAfterMs: null,
    });
  });

  it("looks at all dispatches of a great run, portion by portion, and says when there was no time for some", async () => {
    await using shop = await startFulfilling(ALL);
    const { test } = shop;
    const store = (count: number) => test.sql`
      insert into tasks (task_id, kind, payload, status, due_at, trace_id, result, processed_at)
      select 'd-' || id, 'dispatch', jsonb_build_object('reference', id, 'lines', '[]'::jsonb), 'COMPLETED', null, '',
        '{"outcome": "dispatched"}', clock_timestamp()
      from generate_series(1, ${count}::int) as n
      cross join lateral (select md5(n || random()::text) as id) as made`;
    await store(1_500);
    await test.sql`update tasks set status = 'PENDING', due_at = clock_timestamp()`;
    await start(shop, "latency", { latencyMs: 1, durationMs: 1_000 });
    await test.sql`
      with done as (update tasks set status = 'COMPLETED', due_at = null returning id)
      insert into task_log (task, event, attempt, version) select id, 'completed', 1, 1 from done`;
    await store(2_300);
    await controlChaos(shop.services, shop.operatorId, { action: "stop" });
    expect(await readVerdict(shop.services)).toMatchObject({
      counts: { tasks: 3_800, dispatched: 3_800, waiting: 0, lost: 3_800, doubled: 0 },
      isPartial: false,
    });
    const run = await readLatestRun(test.database);
    let asked = 0;
    const slow: Pick<WarehouseClient, "taken"> = {
      taken: (_references, call) =>
        ++asked < 3
          ? Promise.resolve([])
          : new Promise((_, reject) => call?.signal?.addEventListener("abort", () => reject(call.signal?.reason))),
    };
    const counted = run && (await countDispatches(test.database, slow, { run, askMsMax: 500 }));
    expect(counted).toMatchObject({ counts: { tasks: 1_500, lost: 1_500 }, isPartial: true, isWaiting: false });
  });

  it("leaves open what it cannot ask for", async () => {
    await using shop = await startFulfilling(ALL);
    await start(shop, "latency", { latencyMs: 1 });
    await placeOrderOf(shop.test);
    await shop.service.close();
    expect(await readVerdict(shop.services)).toMatchObject({
      faults: ["latency"],
      counts: null,
      agrees: null,
      recoveredAfterMs: null,
    });
  });

  it("is on the latest run: faults that overlap or follow within a minute are one", async () => {
    await using shop = await startFulfilling(ALL);
    const { test } = shop;
    await start(shop, "latency", { latencyMs: 1 });
    await start(shop, "errors");
    await controlChaos(shop.services, shop.operatorId, { action: "stop" });
    await start(shop, "refuse");
    await controlChaos(shop.services, shop.operatorId, { action: "stop" });
    await test.sql`
      update chaos_faults set started_at = started_at - interval '61 seconds', ends_at = ends_at - interval '61 seconds'`;
    await Promise.all([start(shop, "errors"), start(shop, "latency", { latencyMs: 1 })]);
    const rows = await test.sql`select run_id::int as run, fault from chaos_faults order by id`;
    expect(rows.slice(0, 3).map(({ run, fault }) => [run, fault])).toEqual([
      [1, "latency"],
      [1, "errors"],
      [1, "refuse"],
    ]);
    expect(rows.slice(3).map(({ run }) => run)).toEqual([2, 2]);
    // Nothing waited, but the faults are not over.
    expect(await readVerdict(shop.services)).toMatchObject({ runId: 2, recoveredAfterMs: null });
  });
});

describe("two faults at once", () => {
  it("are one run, which begins with the earlier mark, whichever is written down first", async () => {
    await using shop = await startFulfilling(ALL);
    const { test } = shop;
    const starts: Promise<unknown>[] = [];
    await test.sql.begin(async (other) => {
      // Neither can be committed before both have looked for a run that goes on.
      await other`lock table audit_log in share mode`;
      starts.push(...(await startBehind(shop, () => start(shop, "crash"))));
      await test.sql`
        insert into tasks (task_id, kind, payload, trace_id, status, due_at)
        values ('between', 'dispatch', '{"reference": "between", "lines": []}', '', 'COMPLETED', null)`;
      starts.push(...(await startBehind(shop, () => start(shop, "latency", { latencyMs: 1 }))));
    });
    await Promise.all(starts);
    expect(await test.sql`select run_id::int as run from chaos_faults`).toEqual([{ run: 1 }, { run: 1 }]);
    expect(await readVerdict(shop.services)).toMatchObject({ counts: { tasks: 1 } });
    await test.sql`
      update chaos_faults
      set settings = chaos_faults.settings || jsonb_build_object('mark', other.settings -> 'mark')
      from chaos_faults as other
      where other.id <> chaos_faults.id`;
    // Not the answer that is kept for whoever asks again.
    const anew = { ...shop.services, database: { ...shop.services.database } };
    expect(await readVerdict(anew)).toMatchObject({ counts: { tasks: 1 } });
  });
});

describe("chaos", () => {
  it("is told as the warehouse has it, and written down with who did it", async () => {
    await using shop = await startFulfilling(ALL);
    const state = await start(shop, "latency", { durationMs: 60_000, latencyMs: 1, rate: 0.5 });
    expect(state.active).toMatchObject([{ fault: "latency", latencyMs: 1, rate: 0.5 }]);
    const stopped = await controlChaos(shop.services, shop.operatorId, { action: "stop" });
    expect(stopped.active).toEqual([]);
    const [row] = await shop.test.sql`
      select fault, is_stopped, ends_at - started_at < interval '30 seconds' as is_cut from chaos_faults`;
    expect(row).toMatchObject({ fault: "latency", is_stopped: true, is_cut: true });
    const audited = await shop.test.sql`
      select actor_id, action, details from audit_log where action = 'operations.chaos' order by id`;
    expect(audited).toMatchObject([
      { actor_id: shop.operatorId, details: { action: "start", fault: "latency", rate: 0.5 } },
      { actor_id: shop.operatorId, details: { action: "stop" } },
    ]);
  });

  it("is stopped one fault at a time, at the warehouse and in the books, and the run goes on until the last", async () => {
    await using shop = await startFulfilling(ALL);
    await start(shop, "latency", { latencyMs: 1, durationMs: 60_000 });
    await start(shop, "errors", { durationMs: 30_000 });
    const { active } = await controlChaos(shop.services, shop.operatorId, { action: "stop", fault: "latency" });
    expect(active.map(({ fault }) => fault)).toEqual(["errors"]);
    expect(
      await shop.test.sql`
        select fault, is_stopped, ends_at > clock_timestamp() as is_on from chaos_faults order by id`,
    ).toEqual([
      { fault: "latency", is_stopped: true, is_on: false },
      { fault: "errors", is_stopped: false, is_on: true },
    ]);
    expect(await shop.test.sql`select details from audit_log order by id desc limit 1`).toEqual([
      { details: { action: "stop", fault: "latency" } },
    ]);
    const [errors] = await shop.test.sql`select ends_at from chaos_faults where fault = 'errors'`;
    expect((await readVerdict(shop.services))?.endsAt).toBe(errors?.ends_at.toISOString());
  });

  it("that the warehouse has forgotten, having died say, is over in the books as soon as anybody looks", async () => {
    await using shop = await startFulfilling(ALL);
    await start(shop, "errors", { durationMs: 60_000 });
    await start(shop, "latency", { latencyMs: 1, durationMs: 60_000 });
    await shop.service.send("/chaos", { body: { action: "stop", fault: "errors" } });
    const openInBooks = async () => {
      const rows = await shop.test.sql`select fault from chaos_faults where ends_at > clock_timestamp() order by id`;
      return rows.map(({ fault }) => fault);
    };
    await chaosState(shop.services);
    expect(await openInBooks(), "given just now").toEqual(["errors", "latency"]);
    await shop.test.sql`update chaos_faults set started_at = started_at - interval '6 seconds'`;
    await chaosState(shop.services);
    expect(await openInBooks()).toEqual(["latency"]);
    await shop.service.send("/chaos", { body: { action: "stop" } });
    const found = await readVerdict(shop.services);
    expect(await openInBooks()).toEqual([]);
    expect(found?.recoveredAfterMs).toBe(0);
  });

  it("that the warehouse did not answer may still come, and is written down; what never reached it is not", async () => {
    await using shop = await startFulfilling(ALL);
    const { test, operatorId } = shop;
    const chaos = () => Promise.reject(new WarehouseUnavailableError("no answer", { cause: new Error("given up") }));
    const services = { ...shop.services, warehouse: { ...shop.client, chaos } as WarehouseClient };
    const errors = { action: "start", fault: "errors", durationMs: 60_000, latencyMs: 1, rate: 1 } as const;
    await expect(controlChaos(services, operatorId, errors)).rejects.toMatchObject({ code: "OUTCOME_UNKNOWN" });
    await expect(controlChaos(services, operatorId, { action: "stop" })).rejects.toMatchObject({
      code: "OUTCOME_UNKNOWN",
    });
    expect(await test.sql`select fault, is_stopped from chaos_faults`).toEqual([
      { fault: "errors", is_stopped: false },
    ]);
    await shop.service.close();
    await expect(controlChaos(shop.services, operatorId, errors)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(
      await test.sql`
        select outcome, details ->> 'action' as action from audit_log where action = 'operations.chaos' order by id`,
    ).toEqual([
      { outcome: "failure", action: "start" },
      { outcome: "failure", action: "stop" },
    ]);
  });

  it("that is started again for less time ends then, in the books too", async () => {
    await using shop = await startFulfilling(ALL);
    await start(shop, "errors", { durationMs: 600_000 });
    const { active } = await start(shop, "errors", { durationMs: 5_000 });
    const found = await readVerdict(shop.services);
    expect(Math.abs(Date.parse(found?.endsAt ?? "") - Date.parse(active[0]?.until ?? ""))).toBeLessThan(60_000);
  });

  it("is refused where it is not allowed, and leaves nothing behind", async () => {
    await using shop = await startFulfilling({ chaosAllowed: ["latency"] });
    await expect(start(shop, "crash")).rejects.toMatchObject({ code: "NOT_ALLOWED_NOW" });
    expect(await shop.test.sql`select from chaos_faults`).toHaveLength(0);
    expect(await shop.test.sql`select from audit_log where action = 'operations.chaos'`).toHaveLength(0);
  });

  it("says that the warehouse cannot be asked, where it cannot", async () => {
    await using shop = await startFulfilling(ALL);
    await shop.service.close();
    await expect(start(shop, "errors")).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("warehouse"),
    });
    expect(await shop.test.sql`select from chaos_faults`).toHaveLength(0);
  });
});

function start(shop: Fulfilling, fault: "latency" | "errors" | "refuse" | "crash", settings = {}) {
  const { services, operatorId } = shop;
  const usual = { durationMs: 30_000, latencyMs: 3_000, rate: 1 };
  return controlChaos(services, operatorId, { action: "start", fault, ...usual, ...settings });
}

/** Resolves, with the promise in an array, once one more waits for a lock than before. */
async function startBehind(shop: Fulfilling, run: () => Promise<unknown>): Promise<readonly [Promise<unknown>]> {
  const before = await waitingForLocks(shop);
  const running = run();
  await eventually("it waits", async () => (await waitingForLocks(shop)) > before);
  return [running];
}

async function waitingForLocks({ test }: Fulfilling): Promise<number> {
  return (await test.sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
    .length;
}

function verdict(shop: Fulfilling, isThere: (found: NonNullable<Awaited<ReturnType<typeof readVerdict>>>) => boolean) {
  return eventually("the verdict tells it", async () => {
    const found = await readVerdict(shop.services);
    return found && isThere(found) ? found : undefined;
  });
}
