import type { Page } from "@playwright/test";
import type { ReconcileRun, ReconcileState } from "../shared/operations.ts";

const CLEAN: ReconcileRun = {
  scope: "full",
  startedAt: "2030-01-01T11:00:00.000Z",
  seconds: 1.25,
  ok: true,
  checks: [
    { name: "stock", ok: true, detail: "each item: allotted = remaining + sold - given back (7 checked)" },
    { name: "keys", ok: true, detail: "at most one attempt per user and key (9 checked)" },
  ],
};

const BROKEN: ReconcileRun = {
  ...CLEAN,
  scope: "new",
  startedAt: "2030-01-01T12:00:00.000Z",
  ok: false,
  checks: [
    { name: "stock", ok: false, detail: "Broken once: item 17 has one lamp too many" },
    ...CLEAN.checks.slice(1),
  ],
};

export const CLEAN_STATE: ReconcileState = { ok: true, broken: null, lastFull: CLEAN, lastNew: null };

/** A run over new rows found something, and the next one nothing. */
export const BROKEN_STATE: ReconcileState = {
  ok: false,
  broken: BROKEN,
  lastFull: CLEAN,
  lastNew: { ...CLEAN, scope: "new", startedAt: "2030-01-01T12:01:00.000Z" },
};

/** Answers in the shop's place; not at all while there is nothing to say. */
export async function supplyReconcileState(page: Page, state: () => ReconcileState | undefined): Promise<void> {
  await page.route("**/trpc/operations.reconcileState*", async (route) => {
    const data = state();
    if (data) await route.fulfill({ json: { result: { data } } });
    else await route.abort();
  });
}
