import { expect, it } from "vitest";
import { metricsText } from "../../metrics/metrics-json.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { recordRun } from "../reconcile-runs.ts";
import { StoreMetrics } from "./store-metrics.ts";

it("tell nothing of a run before the first, and that nothing is known to be broken", async () => {
  await using test = await createTestDatabase();
  expect(await linesOf(test)).toEqual(["doorbuster_reconcile_state_ok 1"]);
});

it("tell of the last run over everything and over what was new, and of what is broken until it is mended", async () => {
  await using test = await createTestDatabase();
  await ran(test, "new", { ok: false, secondsAgo: 100 });
  await ran(test, "new", { ok: true, secondsAgo: 50 });
  const broken = await linesOf(test);
  for (const line of [
    "doorbuster_reconcile_state_ok 0",
    'doorbuster_reconcile_ok{scope="new"} 1',
    'doorbuster_reconcile_check_ok{scope="new",check="stock"} 1',
    'doorbuster_reconcile_duration_seconds{scope="new"} 0.25',
  ]) {
    expect(broken).toContain(line);
  }
  const age = Number(broken.find((line) => line.startsWith("doorbuster_reconcile_age_seconds"))?.split(" ")[1]);
  expect(Math.floor(age / 10)).toBe(5);

  await ran(test, "full", { ok: true, secondsAgo: 1 });
  const mended = await linesOf(test);
  expect(mended).toContain("doorbuster_reconcile_state_ok 1");
  expect(mended).toContain('doorbuster_reconcile_ok{scope="full"} 1');
});

async function ran(test: TestDatabase, scope: "full" | "new", { ok, secondsAgo }: { ok: boolean; secondsAgo: number }) {
  const [at] = await test.sql`select (clock_timestamp() - ${secondsAgo} * interval '1 second')::text as began`;
  const checks = [{ name: "stock", ok, detail: "" }];
  await recordRun(test.database, { scope, startedAt: at?.began, seconds: 0.25, ok, checks });
}

async function linesOf(test: TestDatabase): Promise<string[]> {
  const metrics = new StoreMetrics(test.database, {
    onError: (error) => {
      throw error;
    },
  });
  const text = await metricsText([await metrics.collect()]);
  return text.split("\n").filter((line) => line.startsWith("doorbuster_reconcile"));
}
