import { expect, test } from "vitest";
import type { ReconcileRun, ReconcileScope } from "../../../../../shared/operations.ts";
import { brokenChecks, latestRun } from "./reconcile-words.ts";

function run(scope: ReconcileScope, minute: number, failed: readonly string[] = []): ReconcileRun {
  const checks = ["stock", "keys"].map((name) => ({
    name,
    ok: !failed.includes(name),
    detail: `${name} at ${minute}`,
  }));
  return { scope, startedAt: `2030-01-01T12:0${minute}:00Z`, seconds: 1, ok: failed.length === 0, checks };
}

test("everything that is broken is told once, by the run that saw it last", () => {
  const [full, earlier, later] = [run("full", 1, ["stock", "keys"]), run("new", 2, ["stock"]), run("new", 3)];
  const told = brokenChecks({ ok: false, broken: earlier, lastFull: full, lastNew: later });
  expect(told.map(({ name, detail, run: { scope } }) => [name, detail, scope])).toEqual([
    ["stock", "stock at 2", "new"],
    ["keys", "keys at 1", "full"],
  ]);
});

test("a check of everything that found nothing is no news of what was broken after it", () => {
  const broken = run("new", 2, ["keys"]);
  expect(brokenChecks({ ok: false, broken, lastFull: run("full", 1), lastNew: broken })).toHaveLength(1);
});

test("the latest run is the later of both kinds, and there is none before the first", () => {
  const [full, recent] = [run("full", 1), run("new", 2)];
  expect(latestRun({ lastFull: full, lastNew: recent })).toBe(recent);
  expect(latestRun({ lastFull: run("full", 3), lastNew: recent })).toMatchObject({ scope: "full" });
  expect(latestRun({ lastFull: null, lastNew: null })).toBeUndefined();
});
