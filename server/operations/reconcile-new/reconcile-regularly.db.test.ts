import { describe, expect, it } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { createTestDatabase } from "../../testing/test-database.ts";
import { leaseNow, trade, withoutProtection } from "../reconcile.fixture.ts";
import { reconcileState } from "../reconcile-runs.ts";
import { LEASE_MS, leaseRun } from "./lease.ts";
import { LeaseLostError, reconcileNew } from "./reconcile-new.ts";
import { reconcileRegularly } from "./reconcile-regularly.ts";

describe("the next run", () => {
  it("is leased by one of all workers that ask at once, a minute apart", async () => {
    await using test = await createTestDatabase();
    const workers = await Promise.all(Array.from({ length: 4 }, () => test.open({ poolSize: 1 })));
    const leases = await Promise.all(workers.map((database) => leaseRun(database)));
    expect(leases.filter(({ token }) => token !== null)).toHaveLength(1);
    for (const lease of leases) {
      if (lease.token === null) expect(lease.waitMs).toBeGreaterThan(LEASE_MS - 10_000);
    }
    await leaseNow(test);
  });

  it("is due again when the database's clock was set back", async () => {
    await using test = await createTestDatabase();
    await test.sql`update reconcile_turns set due_at = clock_timestamp() + interval '1 day'`;
    expect((await leaseRun(test.database)).token).not.toBeNull();
  });

  it("leaves nothing behind when it has outlasted its lease", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    const lease = await leaseNow(test);
    await leaseNow(test);
    const late = reconcileNew(test.database, { lease, sizeMax: 1_000 });
    await expect(late).rejects.toBeInstanceOf(LeaseLostError);
    expect((await reconcileState(test)).lastNew).toBeNull();
    expect(await test.sql`select from reconcile_marks where position > 0`).toHaveLength(0);
  });
});

describe("a worker that checks what is new", () => {
  it("takes turns with the others of its store: each run is run once", async () => {
    await using test = await createTestDatabase();
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const workers = [];
    for (let i = 0; i < 3; i++) workers.push(reconcileRegularly(await test.open({ poolSize: 1 }), { onError }));
    const runs = async () => (await test.sql`select from reconcile_runs`).length;
    await eventually("the first run is over", async () => (await runs()) > 0);
    await Promise.all(workers.map((worker) => worker.close()));
    const [{ turn: leases } = {}] = await test.sql`select turn::int from reconcile_turns`;
    expect({ runs: await runs(), leases, errors }).toEqual({ runs: 1, leases: 1, errors: [] });
  });

  it("tells of what is broken and of what goes wrong, and lives on", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    await withoutProtection(test, "update items set remaining = remaining - 1 where ordinal = 0");
    const errors: unknown[] = [];
    const worker = reconcileRegularly(test.database, { onError: (error) => errors.push(error) });
    await eventually("it was told", () => errors.length > 0);
    expect(String(errors[0])).toMatch(/InvariantBrokenError: .*stock: Broken once/);
    await worker.close();

    await test.sql`alter table reconcile_runs rename to reconcile_runs_elsewhere`;
    await test.sql`update reconcile_turns set due_at = clock_timestamp()`;
    const other = reconcileRegularly(test.database, { onError: (error) => errors.push(error) });
    await eventually("it was told", () => errors.length > 1);
    await other.close();
  });

  it("stops at once while nothing is due", async () => {
    await using test = await createTestDatabase();
    await leaseRun(test.database);
    const worker = reconcileRegularly(test.database, { onError: () => {} });
    await worker.close();
    await worker.close();
  });
});
