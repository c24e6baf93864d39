import { describe, expect, it } from "vitest";
import type { ReconcileScope } from "../../shared/operations.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { reconcileState, recordRun } from "./reconcile-runs.ts";
import { reconcileShop } from "./reconcile-shop.ts";

describe("what is known of the invariants", () => {
  it("is nothing before the first run", async () => {
    await using test = await createTestDatabase();
    expect(await reconcileState(test)).toEqual({ ok: true, broken: null, lastFull: null, lastNew: null });
  });

  it("is what a run over everything has answered, with its time in UTC", async () => {
    await using test = await createTestDatabase();
    const result = await reconcileShop({
      database: test.database,
      operatorReads: test.database,
      warehouse: undefined,
    });
    const { ok, lastFull } = await reconcileState(test);
    expect(ok).toBe(true);
    // There is no warehouse, and what was not compared is not remembered as checked.
    const checks = result.checks.filter(({ name }) => name !== "warehouse");
    expect(checks.length).toBe(result.checks.length - 1);
    expect(lastFull).toMatchObject({ ok: true, checks, scope: "full" });
    expect(lastFull?.startedAt).toMatch(/T.*\.\d{3}Z$/);
  });

  it("stays broken until a run over everything finds nothing, whatever runs over what is new find", async () => {
    await using test = await createTestDatabase();
    await found(test, "new", { ok: false, minutesAgo: 9 });
    await found(test, "new", { ok: true, minutesAgo: 8 });
    expect(await reconcileState(test)).toMatchObject({ ok: false, broken: { scope: "new" }, lastNew: { ok: true } });
    await found(test, "full", { ok: false, minutesAgo: 7 });
    expect(await reconcileState(test)).toMatchObject({ ok: false, broken: { scope: "full" }, lastFull: { ok: false } });
    await found(test, "full", { ok: true, minutesAgo: 6 });
    expect(await reconcileState(test)).toMatchObject({ ok: true, broken: null, lastFull: { ok: true } });
  });

  it("stays broken by what was found after a run over everything had begun, though that ended later", async () => {
    await using test = await createTestDatabase();
    await found(test, "new", { ok: false, minutesAgo: 5 });
    await found(test, "full", { ok: true, minutesAgo: 6 });
    expect(await reconcileState(test)).toMatchObject({ ok: false, broken: { scope: "new" } });
  });

  it("stays broken where a later run did not check what was broken", async () => {
    await using test = await createTestDatabase();
    await found(test, "full", { ok: false, minutesAgo: 9, names: ["stock", "warehouse"] });
    await found(test, "full", { ok: true, minutesAgo: 8, names: ["balances", "stock"] });
    expect(await reconcileState(test)).toMatchObject({ ok: false, broken: { checks: [{}, { name: "warehouse" }] } });
    await reconcileShop({ database: test.database, operatorReads: test.database, warehouse: undefined });
    expect(await reconcileState(test)).toMatchObject({ ok: false });
    await found(test, "full", { ok: true, minutesAgo: 7, names: ["warehouse", "balances", "stock"] });
    expect(await reconcileState(test)).toMatchObject({ ok: true, broken: null });
  });

  it("is kept for as long as it matters, and no longer", async () => {
    await using test = await createTestDatabase();
    const day = 24 * 60;
    await found(test, "new", { ok: false, minutesAgo: 9 * day });
    await found(test, "full", { ok: true, minutesAgo: 8 * day });
    await found(test, "new", { ok: false, minutesAgo: 7 * day });
    await found(test, "new", { ok: true, minutesAgo: 6 * day });
    expect(await daysKept(test)).toEqual([8, 7, 6]);
    await found(test, "new", { ok: true, minutesAgo: day });
    expect(await daysKept(test)).toEqual([8, 7, 1]);
    await found(test, "full", { ok: true, minutesAgo: 1 });
    expect(await daysKept(test)).toEqual([1, 0]);
  });

  it("that cannot be stored is answered all the same", async () => {
    await using test = await createTestDatabase();
    await test.sql`alter table reconcile_runs add constraint nothing_more check (false) not valid`;
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const answer = await reconcileShop({
      database: test.database,
      operatorReads: test.database,
      warehouse: undefined,
      onError,
    });
    expect(answer.ok).toBe(true);
    expect(errors).toHaveLength(1);
  });
});

async function found(
  test: TestDatabase,
  scope: ReconcileScope,
  { ok, minutesAgo, names = ["stock"] }: { ok: boolean; minutesAgo: number; names?: string[] },
): Promise<void> {
  const startedAt = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const checks = names.map((name) => ({ name, ok, detail: "" }));
  await recordRun(test.database, { scope, startedAt, seconds: 0.1, ok, checks });
}

async function daysKept(test: TestDatabase): Promise<number[]> {
  const rows = await test.sql`
    select floor(extract(epoch from clock_timestamp() - started_at) / 86400)::int as days
    from reconcile_runs
    order by started_at`;
  return rows.map(({ days }) => days);
}
