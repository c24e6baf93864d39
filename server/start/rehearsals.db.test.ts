import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { signedInOperator, startTestApp } from "../app/app.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeSale } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import {
  callRehearse,
  dumpOf,
  ended,
  METRICS_TOKEN,
  QUICK_CROWD,
  rehearsalOf,
  SLOW_CROWD,
  startRehearsingApp,
  storesOf,
} from "./rehearsals.fixture.ts";
import { signal, startShop } from "./shop.fixture.ts";

describe("a rehearsal", () => {
  it("sells a clone out through the real path, and changes nothing of the real store", async () => {
    await using test = await createTestDatabase();
    const { app, operator, saleId } = await startRehearsingApp(test);
    await using _app = app;
    const [before, metricsBefore] = [await dumpOf(test), await purchasesMeasured(app)];
    const crowd = { ...QUICK_CROWD, doubleClickPercent: 20, lostAnswerPercent: 20, bots: 1 };
    const { rehearsalId } = await callRehearse(app, operator, { saleId, crowd, measureCapacity: true });
    const { state, report, verdict, progress } = await ended(test, app, operator, rehearsalId);
    expect({ state, verdict }).toMatchObject({ state: "done" });
    expect(report).toMatchObject({ unitsSold: 150, unitsAllotted: 150, oversold: 0, doubleCharges: 0 });
    expect(report?.soldOutAfterMs).toBeGreaterThan(0);
    expect(report?.crowd).toMatchObject({ purchased: 150, unitsBought: 150, unresolved: 0, contradictions: 0 });
    expect(report?.crowd.refusals.OUT_OF_STOCK).toBeGreaterThan(0);
    expect(report?.crowd.resolved).toBeGreaterThan(0);
    expect(report?.crowd.doubleClicks).toBeGreaterThan(0);
    expect(report?.reconcile.ok).toBe(true);
    expect(report?.capacity?.steps.length).toBeGreaterThan(0);
    expect(progress).toMatchObject({ arrived: 200, unitsSold: 150 });
    // Nothing real has seen it.
    expect(await dumpOf(test)).toEqual(before);
    expect(await purchasesMeasured(app)).toEqual(metricsBefore);
    expect(app.logged()).not.toContain("purchases.buy");
    expect((await reconcile(app.services.database)).ok).toBe(true);
    // It is removed with all that it was.
    expect((await app.mutate("operations.deleteRehearsal", { rehearsalId }, operator.token)).status).toBe(200);
    expect((await app.query("operations.rehearsal", { rehearsalId }, operator.token)).status).toBe(404);
    const audited = await app.query("audit.list", { subject: `rehearsal:${rehearsalId}` }, operator.token);
    expect(audited.body.result.data.items.map(({ action }: { action: string }) => action)).toEqual([
      "operations.deleteRehearsal",
      "operations.rehearse",
    ]);
  });

  it("is stopped in the middle, tells what came of it until then, and another one may begin", async () => {
    await using test = await createTestDatabase();
    const { app, operator, saleId } = await startRehearsingApp(test);
    await using _app = app;
    const input = { saleId, crowd: SLOW_CROWD, measureCapacity: true };
    const { rehearsalId } = await callRehearse(app, operator, input);
    const second = await app.mutate("operations.rehearse", input, operator.token);
    expect(second.body.error).toMatchObject({ data: { reason: "NOT_ALLOWED_NOW" }, message: /under way/ });
    const early = await app.mutate("operations.deleteRehearsal", { rehearsalId }, operator.token);
    expect(early.body.error.data.reason).toBe("NOT_ALLOWED_NOW");

    await eventually("somebody was answered", async () => {
      return (await rehearsalOf(app, operator, rehearsalId)).progress.answers > 0;
    });
    const stopped = await app.mutate("operations.stopRehearsal", { rehearsalId }, operator.token);
    expect(stopped.body.result.data).toEqual({ changed: true });
    const { state, verdict, report } = await ended(test, app, operator, rehearsalId);
    expect({ state, verdict }).toMatchObject({ state: "stopped", verdict: /^Stopped by an operator\. / });
    expect(report).toMatchObject({ soldOutAfterMs: null, oversold: 0, capacity: null });
    const again = await app.mutate("operations.stopRehearsal", { rehearsalId }, operator.token);
    expect(again.body.result.data).toEqual({ changed: false });

    const next = await callRehearse(app, operator, {
      saleId,
      crowd: { buyers: 1, seconds: 1 },
      measureCapacity: false,
    });
    expect((await ended(test, app, operator, next.rehearsalId)).state).toBe("done");
    const { items } = (await app.query("operations.rehearsals", { saleId }, operator.token)).body.result.data;
    expect(items.map(({ id }: { id: number }) => id)).toEqual([next.rehearsalId, rehearsalId]);
  });

  it("does not begin beside a sale that is live or near unless that is meant, and makes room for one that comes", async () => {
    await using test = await createTestDatabase();
    const { app, operator, saleId } = await startRehearsingApp(test);
    await using _app = app;
    const near = await makeSale(test.database, [{ stock: 1 }], { startsInMs: 10 * 60_000 });
    const input = { saleId, crowd: SLOW_CROWD, measureCapacity: false };
    const refused = await app.mutate("operations.rehearse", input, operator.token);
    expect(refused.body.error).toMatchObject({ data: { reason: "NOT_ALLOWED_NOW" }, message: /"A sale" is on sale/ });
    expect(await test.sql`select from rehearsals`).toHaveLength(0);

    await test.sql`update sales set cancelled_at = now() where id = ${near.saleId}`;
    const { rehearsalId } = await callRehearse(app, operator, input);
    await makeSale(test.database, [{ stock: 1 }]);
    const { state, verdict, report } = await ended(test, app, operator, rehearsalId);
    expect({ state, verdict, report }).toMatchObject({
      state: "stopped",
      verdict: /by itself: "A sale"/,
      report: null,
    });

    // The limits of the sale are rehearsed too.
    await test.sql`update sales set limit_per_customer = 1 where id = ${saleId}`;
    const meant = await callRehearse(app, operator, {
      ...{ saleId, crowd: { buyers: 1, seconds: 1, unitsEach: 2, retries: 0 } },
      ...{ measureCapacity: false, besideRealSales: true },
    });
    const done = await ended(test, app, operator, meant.rehearsalId);
    expect(done.state).toBe("done");
    expect(done.report?.crowd.refusals).toEqual({ SALE_LIMIT_REACHED: 1 });
  });

  it("of a sale that needs an access code has a crowd that was let in by one", async () => {
    await using test = await createTestDatabase();
    const { app, operator, saleId } = await startRehearsingApp(test);
    await using _app = app;
    await test.sql`update sales set needs_access_code = true where id = ${saleId}`;
    const before = await dumpOf(test);
    const { rehearsalId } = await callRehearse(app, operator, { saleId, crowd: QUICK_CROWD, measureCapacity: false });
    const { state, verdict, report } = await ended(test, app, operator, rehearsalId);
    expect({ state, verdict }).toMatchObject({ state: "done" });
    expect(report?.crowd).toMatchObject({ purchased: 150, unresolved: 0, contradictions: 0 });
    expect(report?.crowd.refusals).not.toHaveProperty("ACCESS_CODE_REQUIRED");
    const { ok, checks = [] } = report?.reconcile ?? {};
    expect(ok).toBe(true);
    expect(checks.find(({ name }) => name === "access codes")?.detail).toContain("(1 checked)");
    expect(await dumpOf(test)).toEqual(before);
  });

  it("leaves nothing when the shop is stopped, or killed, or all of its processes are", async () => {
    await using test = await createTestDatabase();
    const operator = await signedInOperator(test);
    const { saleId } = await makeSale(test.database, [{ stock: 9 }], { startsInMs: 1e8, endsInMs: 2e8 });
    const input = { saleId, crowd: SLOW_CROWD, measureCapacity: false };
    const running = async () => {
      const shop = await startShop(test, {});
      const response = await fetch(`${shop.url}/trpc/operations.rehearse`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${operator.token}` },
        body: JSON.stringify(input),
      });
      expect(response.status, await response.text()).toBe(200);
      await eventually("it sells", async () => (await test.sql`select from rehearsals where state = 'selling'`).length);
      return shop;
    };
    const last = async () => (await test.sql`select state, verdict from rehearsals order by id desc limit 1`)[0];
    const gone = () => eventually("its store is gone", async () => (await storesOf(test)).length === 0);
    {
      await using shop = await running();
      signal(shop.main.pid, "SIGTERM");
      await gone();
      expect(await last()).toEqual({ state: "stopped", verdict: "Stopped because the shop was stopped." });
    }
    {
      await using shop = await running();
      signal(shop.main.pid, "SIGKILL");
      await gone();
      expect(await last()).toMatchObject({ state: "stopped" });
    }
    {
      await using shop = await running();
      const children = childrenOf(shop.main.pid);
      for (const pid of [shop.main.pid, ...children]) signal(pid, "SIGKILL");
      await shop.ended;
      expect(await storesOf(test)).toHaveLength(1);
      // As time does.
      await test.sql`update rehearsals set lease_until = now() where ended_at is null`;
    }
    await using _next = await startTestApp(test);
    await gone();
    expect(await last()).toEqual({ state: "failed", verdict: "The shop's process ended while it ran." });
  });

  it("says in one sentence what is missing where the shop's user may make no store", async () => {
    await using test = await createTestDatabase();
    const user = `rehearsing_${crypto.randomUUID().slice(0, 8)}`;
    await test.sql.unsafe(`create role ${user} login password 'secret';
      grant usage on schema ${test.schema} to ${user};
      grant select, insert, update, delete on all tables in schema ${test.schema} to ${user}`);
    try {
      const url = Object.assign(new URL(test.adminUrl), { username: user, password: "secret" }).href;
      const { app, operator, saleId } = await startRehearsingApp(test, { DATABASE_URL: url });
      await using _app = app;
      const { rehearsalId } = await callRehearse(app, operator, { saleId, crowd: QUICK_CROWD });
      const { state, verdict, report } = await ended(test, app, operator, rehearsalId);
      expect({ state, report }).toEqual({ state: "failed", report: null });
      const { pathname } = new URL(test.adminUrl);
      expect(verdict).toMatch(/^A rehearsal needs a store of its own/);
      expect(verdict).toContain(`grant create on database "${pathname.slice(1)}" to "${user}".`);
    } finally {
      await test.sql.unsafe(`drop owned by ${user}; drop role ${user}`);
    }
  });
});

/** What `/metrics` says was bought, by outcome. */
async function purchasesMeasured(app: Awaited<ReturnType<typeof startTestApp>>): Promise<string[]> {
  const { text } = await app.send("/metrics", { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  return text.split("\n").filter((line) => /^doorbuster_\w*(purchase|sold|sales|items|refus)/.test(line));
}

function childrenOf(pid: number | undefined): number[] {
  const text = execFileSync("ps", ["--ppid", String(pid), "-o", "pid="], { encoding: "utf8" });
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(Number);
}
