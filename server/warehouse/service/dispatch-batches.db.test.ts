import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DispatchBody, WarehouseAnswer } from "../../../shared/warehouse.ts";
import type { Database } from "../../database/database.ts";
import { faultOf } from "../../database/fault-of.ts";
import { migrate } from "../../database/migrate.ts";
import { eventually } from "../../testing/eventually.ts";
import { hold } from "../../testing/hold.ts";
import { createTcpProxy } from "../../testing/tcp-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { DispatchBatcher, type DispatchBatcherOptions, type SettledDispatches } from "./dispatch.ts";
import { receive } from "./receive.ts";
import { WAREHOUSE_FOLDER } from "./start-warehouse.ts";
import { expectHistoryToAddUp, type Line, WAREHOUSE_SCHEMA } from "./warehouse.fixture.ts";

let test: TestDatabase;
let database: Database;

beforeEach(async () => {
  test = await createTestDatabase();
  await migrate({ url: test.url, schema: WAREHOUSE_SCHEMA, folder: WAREHOUSE_FOLDER });
  database = await test.open({ schema: WAREHOUSE_SCHEMA });
});

afterEach(async () => {
  await expectHistoryToAddUp(test);
  await test[Symbol.asyncDispose]();
});

describe("dispatches that arrive together", () => {
  it("are settled in one transaction, in the order of arrival, each on what the one before left", async () => {
    await stock([1, 100], [2, 100]);
    const { batcher, settled } = open();
    const answers = await Promise.all(
      numbers(30).map((n) =>
        dispatch(
          batcher,
          `k${n}`,
          n % 2
            ? [[1, 1]]
            : [
                [2, 2],
                [1, 3],
              ],
        ),
      ),
    );
    expect(settled).toEqual([{ dispatches: 30, heldUp: 0 }]);
    let left = 100;
    for (const answer of answers) {
      const ofFirst = answer.outcome === "done" ? answer.updates.find(({ productId }) => productId === 1) : undefined;
      expect(ofFirst?.previousStock).toBe(left);
      left = ofFirst?.newStock ?? 0;
    }
    expect(await stockOf(1, 2)).toEqual([100 - 15 - 45, 100 - 30]);
    // The history tells them in that order too.
    const rows = await test.sql`
      select idempotency_key as key from ${test.sql(WAREHOUSE_SCHEMA)}.inventory_updates
      where product_id = 1 and quantity_change < 0 order by id`;
    expect(rows.map(({ key }) => key)).toEqual(numbers(30).map((n) => `k${n}`));
  });

  it("take the last units in the order of arrival, and the refusals are stored", async () => {
    await stock([1, 5]);
    const { batcher } = open();
    const answers = await Promise.all(numbers(8).map((n) => dispatch(batcher, `k${n}`, [[1, 1]])));
    expect(answers.map(({ outcome }) => outcome)).toEqual([...Array(5).fill("done"), ...Array(3).fill("refused")]);
    await stock([1, 10]);
    for (const n of [4, 5, 6, 7]) {
      expect(await dispatch(batcher, `k${n}`, [[1, 1]])).toEqual({ ...answers[n], replayed: true });
    }
    expect(await stockOf(1)).toEqual([10]);
  });

  it("happen once when they have one key, and only the first says that it is new", async () => {
    await stock([1, 100]);
    const { batcher, settled } = open();
    const answers = await Promise.all(numbers(5).map(() => dispatch(batcher, "same", [[1, 7]])));
    expect(settled).toEqual([{ dispatches: 5, heldUp: 0 }]);
    expect(answers.map(({ replayed }) => replayed)).toEqual([false, true, true, true, true]);
    for (const answer of answers) expect({ ...answer, replayed: false }).toEqual(answers[0]);
    expect(await stockOf(1)).toEqual([93]);
  });

  it("are told that a key was reused, and that is not stored", async () => {
    await stock([1, 100]);
    const { batcher } = open();
    const [first, other] = await Promise.all([dispatch(batcher, "k", [[1, 1]]), dispatch(batcher, "k", [[1, 2]])]);
    expect([first.outcome, other]).toMatchObject(["done", { code: "KEY_REUSED", replayed: false }]);
    expect(await dispatch(batcher, "k", [[1, 1]])).toEqual({ ...first, replayed: true });
    expect(await stockOf(1)).toEqual([99]);
  });

  it("are settled in several transactions when they are too many, or have too many lines", async () => {
    await stock(...numbers(10).map((n): Line => [n + 1, 100]));
    const few = open({ batchLinesMax: 16 });
    await Promise.all(numbers(10).map((n) => dispatch(few.batcher, `few${n}`, [[1, 1]])));
    expect(few.settled.map(({ dispatches }) => dispatches)).toEqual([4, 4, 2]);
    const short = open({ batchLinesMax: 8 });
    const lines = (count: number) => numbers(count).map((n): Line => [n + 1, 1]);
    await Promise.all([2, 3, 1, 9, 1].map((count, n) => dispatch(short.batcher, `short${n}`, lines(count))));
    expect(short.settled.map(({ dispatches }) => dispatches)).toEqual([2, 1, 1, 1]);
  });
});

describe("one that the database does not take", () => {
  it("fails alone, whatever stands beside it", async () => {
    await stock([1, 100]);
    const { batcher } = open();
    // A history without its answer: nothing that the service writes, and never to be written once more.
    await dispatch(open().batcher, "poison", [[1, 1]]);
    await test.sql.unsafe(`
      alter table ${WAREHOUSE_SCHEMA}.idempotency_records disable trigger all;
      delete from ${WAREHOUSE_SCHEMA}.idempotency_records where key = 'poison';
      alter table ${WAREHOUSE_SCHEMA}.idempotency_records enable trigger all`);
    const keys = ["a", "b", "poison", "c", "d", "e", "f"];
    const outcomes = await Promise.allSettled(keys.map((key) => dispatch(batcher, key, [[1, 1]])));
    expect(outcomes.map(({ status }) => status)).toEqual(
      keys.map((key) => (key === "poison" ? "rejected" : "fulfilled")),
    );
    for (const outcome of outcomes) if (outcome.status === "fulfilled") expect(outcome.value.replayed).toBe(false);
    expect(await stockOf(1)).toEqual([93]);
  });
});

describe("what another session has locked", () => {
  it("holds up those that want it, and nobody else", async () => {
    await stock([1, 10], [2, 10]);
    const { batcher, settled } = open();
    const holder = await holdHere(`select from products where product_id = 1 for update`);
    const heldUp = [
      dispatch(batcher, "product", [[1, 1]]),
      dispatch(batcher, "both", [
        [1, 1],
        [2, 1],
      ]),
    ];
    expect(await dispatch(batcher, "free", [[2, 1]])).toMatchObject({ outcome: "done" });
    expect(settled).toEqual([{ dispatches: 3, heldUp: 2 }]);
    // While they wait for the lock, others do not wait for them.
    expect(await dispatch(batcher, "free later", [[2, 1]])).toMatchObject({ outcome: "done" });
    await holder.release();
    expect(await Promise.all(heldUp)).toMatchObject([{ outcome: "done" }, { outcome: "done" }]);
    expect(await stockOf(1, 2)).toEqual([8, 7]);
  });

  it("may be a key, for which alone the one with that key waits", async () => {
    await stock([1, 10]);
    const { batcher, settled } = open();
    const holder = await holdHere(`select pg_advisory_xact_lock(hashtextextended(current_schema() || ' held', 0))`);
    const held = dispatch(batcher, "held", [[1, 1]]);
    expect(await dispatch(batcher, "free", [[1, 1]])).toMatchObject({ outcome: "done" });
    expect(settled).toEqual([{ dispatches: 2, heldUp: 1 }]);
    await holder.release();
    expect(await held).toMatchObject({ outcome: "done", replayed: false });
  });

  it("does not keep a product that is not there from being refused", async () => {
    await stock([1, 10]);
    const { batcher } = open();
    const holder = await holdHere(`select from products where product_id = 1 for update`);
    const heldUp = dispatch(batcher, "held", [[1, 1]]);
    expect(await dispatch(batcher, "unknown", [[999, 1]])).toMatchObject({ code: "UNKNOWN_PRODUCT" });
    await holder.release();
    expect(await heldUp).toMatchObject({ outcome: "done" });
  });

  it("ends a batch that waits for it in a circle, and the batch is retried", async () => {
    await stock([1, 10], [2, 10]);
    const { batcher } = open();
    const holder = await holdHere(`select from products where product_id = 2 for update`);
    // Whoever finds the circle is the one that gives way.
    await holder.run(`set local deadlock_timeout = '60s'`);
    const retriesBefore = database.stats().retries;
    const dispatched = dispatch(batcher, "circle", [
      [1, 1],
      [2, 1],
    ]);
    await eventually("it waits for the second product", async () => (await waitingForLocks()) === 1);
    await holder.run(`select from products where product_id = 1 for update`);
    await eventually("it is retried", () => database.stats().retries === retriesBefore + 1);
    await holder.release();
    expect(await dispatched).toMatchObject({ outcome: "done", replayed: false });
    expect(await stockOf(1, 2)).toEqual([9, 9]);
  });
});

describe("a queue that does not move", () => {
  it("turns away whoever cannot be settled in time, before any work", async () => {
    await stock([1, 10]);
    await using proxy = await createTcpProxy(test.url);
    const behind = await test.open({ url: proxy.url, schema: WAREHOUSE_SCHEMA });
    const { batcher } = open({}, behind);
    await dispatch(batcher, "before", [[1, 1]]);
    proxy.stall();
    const stuck = dispatch(batcher, "stuck", [[1, 1]]);
    let isStuckOver = false;
    const stuckCode = stuck.catch((error) => {
      isStuckOver = true;
      return faultOf(error)?.code;
    });
    await nextTurn();
    const late = numbers(3).map((n) => dispatch(batcher, `late${n}`, [[1, 1]]));
    const refusal = { status: "rejected", reason: { code: "OVERLOADED", retryAfterMs: 1_000 } };
    expect(await Promise.allSettled(late)).toMatchObject(late.map(() => refusal));
    // They were told so while the one before them was still tried.
    expect(isStuckOver).toBe(false);
    expect(await stuckCode).toBe("OVERLOADED");
    proxy.resume();
    for (const key of ["late0", "late1", "late2", "stuck"]) {
      expect(await dispatch(batcher, key, [[1, 1]])).toMatchObject({ outcome: "done", replayed: false });
    }
    expect(await stockOf(1)).toEqual([5]);
  });

  it("is no longer than it may be", async () => {
    await stock([1, 10], [2, 10]);
    const { batcher } = open({ linesUnansweredMax: 3 });
    const sent = [
      dispatch(batcher, "a", [[1, 1]]),
      dispatch(batcher, "b", [
        [1, 1],
        [2, 1],
      ]),
      dispatch(batcher, "c", [[1, 1]]),
    ];
    expect(batcher.waiting).toBe(2);
    await expect(sent[2]).rejects.toMatchObject({ code: "OVERLOADED" });
    await Promise.all(sent.slice(0, 2));
    // There is room again.
    expect(await dispatch(batcher, "c", [[1, 1]])).toMatchObject({ outcome: "done", replayed: false });
  });
});

describe("a batch whose commit is not answered", () => {
  it("is unknown to all of it, and each key finds out", async () => {
    await stock([1, 100]);
    await using proxy = await createTcpProxy(test.url);
    const { batcher } = open({}, await test.open({ url: proxy.url, schema: WAREHOUSE_SCHEMA }));
    await dispatch(batcher, "before", [[1, 1]]);
    // With the spaces that push it out; "read committed" has none.
    proxy.loseAnswerTo("commit  ");
    const codes = await Promise.all(
      numbers(10).map((n) => dispatch(batcher, `k${n}`, [[1, 1]]).catch((error) => faultOf(error)?.code)),
    );
    expect(codes).toEqual(Array(10).fill("OUTCOME_UNKNOWN"));
    const again = await Promise.all(numbers(10).map((n) => dispatch(batcher, `k${n}`, [[1, 1]])));
    // Whether it was committed depends on how far it came; it is the same for all, and each happens once in the end.
    expect(new Set(again.map(({ outcome, replayed }) => `${outcome} ${replayed}`)).size).toBe(1);
    expect(again[0]?.outcome).toBe("done");
    expect(await stockOf(1)).toEqual([89]);
  });
});

describe("the plans that connections keep", () => {
  it("find keys and products by their indexes, though they were made while the tables were empty", async () => {
    await test.sql`vacuum analyze`;
    const before = await fullScans();
    const { batcher } = open();
    await dispatch(batcher, "unknown", [[1, 1]]);
    await stock([1, 10], [2, 10]);
    for (const key of ["new", "new", "another"]) await dispatch(batcher, key, [[1, 1]]);
    // Its own reading is not to be counted.
    const holder = await holdHere(
      `set local enable_seqscan = off; select from products where product_id = 2 for update`,
    );
    const heldUp = dispatch(batcher, "held", [[2, 1]]);
    await eventually("it waits", async () => (await waitingForLocks()) === 1);
    await holder.release();
    await heldUp;
    // Connections tell what they did when they end.
    await database.close();
    expect(await fullScans()).toEqual(before);
  });
});

describe("a batcher that closes", () => {
  it("finishes those in the queue, held up or not, and takes no more", async () => {
    await stock([1, 100], [2, 100]);
    const { batcher } = open({ batchLinesMax: 8 });
    const holder = await holdHere(`select from products where product_id = 2 for update`);
    const sent = [...numbers(7).map((n) => dispatch(batcher, `k${n}`, [[1, 1]])), dispatch(batcher, "held", [[2, 1]])];
    let isClosed = false;
    const closed = batcher.close().then(() => {
      isClosed = true;
    });
    await expect(dispatch(batcher, "too late", [[1, 1]])).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(await Promise.all(sent.slice(0, 7))).toMatchObject(Array(7).fill({ outcome: "done" }));
    expect(isClosed).toBe(false);
    await holder.release();
    expect(await sent[7]).toMatchObject({ outcome: "done" });
    await closed;
    expect(await stockOf(1, 2)).toEqual([93, 99]);
  });
});

function open(options: Partial<DispatchBatcherOptions> = {}, on = database) {
  const settled: SettledDispatches[] = [];
  return { batcher: new DispatchBatcher(on, { ...options, onSettled: (batch) => void settled.push(batch) }), settled };
}

function dispatch(batcher: DispatchBatcher, key: string, lines: readonly Line[]): Promise<WarehouseAnswer> {
  const body: DispatchBody = {
    reference: `for-${key}`,
    lines: lines.map(([productId, quantity]) => ({ productId, quantity })),
  };
  return batcher.dispatch(body, { key, traceId: undefined });
}

/** Takes goods in. */
async function stock(...lines: Line[]): Promise<void> {
  const body = {
    reference: "goods",
    lines: lines.map(([productId, quantity]) => ({ productId, quantity, name: "A", description: "", priceCents: 0 })),
  };
  await receive(database, body, { key: crypto.randomUUID(), traceId: undefined });
}

async function stockOf(...productIds: number[]): Promise<number[]> {
  const rows = await test.sql`
    select stock_quantity::int as units from ${test.sql(WAREHOUSE_SCHEMA)}.products
    where product_id = any (${productIds}::bigint[]) order by product_id`;
  return rows.map(({ units }) => units);
}

function holdHere(statement: string) {
  return hold(test, `set local search_path = ${WAREHOUSE_SCHEMA}, pg_catalog; ${statement}`);
}

async function waitingForLocks(): Promise<number> {
  const [row] = await test.sql`
    select count(*)::int as found from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database()`;
  return row?.found;
}

/** How often each table was read from its beginning to its end. */
async function fullScans(): Promise<unknown> {
  const rows = await test.sql`
    select relname, seq_scan::int from pg_stat_user_tables where schemaname = ${WAREHOUSE_SCHEMA} order by relname`;
  return Object.fromEntries(rows.map(({ relname, seq_scan }) => [relname, seq_scan]));
}

/** Until what came in this turn of the event loop is on its way. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
