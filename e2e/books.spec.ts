import type { ReconcileState } from "../shared/operations.ts";
import { Books } from "./console-page.ts";
import { holdRequests } from "./gate.ts";
import { BROKEN_STATE, CLEAN_STATE, supplyReconcileState } from "./reconcile-states.ts";
import { openStore } from "./store.ts";
import { expect, itemOf, test } from "./test.ts";

test("a store that is broken is told of on every part of the console, until it is mended and all of it was checked", async ({
  product: shop,
  visit,
  operator,
  newSale,
}) => {
  const item = itemOf(await newSale());
  const page = await visit("/console/proof", { as: operator });
  const books = new Books(page);
  await expect(books.glance).toContainText(/Adds up|Never checked/);
  await expect(books.banner).toHaveCount(0);
  await using store = await openStore(shop);
  await store.addToAllotment(item.id, 1);
  await books.checkAgain(books.panel);
  await expect(books.banner.getByRole("alert")).toContainText("Something does not add up");
  await expect(books.banner.getByRole("alert")).toContainText(`item ${item.id}`);
  await expect(books.banner.getByRole("alert")).toContainText("Found by the check of everything of");
  await expect(books.glance).toContainText("Does not add up");
  const everything = books.panel.getByRole("region", { name: "Everything" });
  await expect(everything.getByRole("listitem").filter({ hasText: "stock is broken" })).toBeVisible();
  await expect(everything.getByRole("listitem").filter({ hasText: "keys holds" })).toBeVisible();
  for (const part of ["Warehouse", "Chaos"]) {
    await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: part }).click();
    await expect(books.banner).toBeVisible();
  }
  // As long as it is broken, checking again changes nothing.
  await books.checkAgain(books.banner);
  await expect(books.banner).toContainText("It is still broken.");
  await store.addToAllotment(item.id, -1);
  await books.checkAgain(books.banner);
  await expect(books.banner).toHaveCount(0);
  await expect(books.glance).toContainText(/Adds up · checked (now|\d+ sec ago)/);
  expect(await operator.client.operations.reconcileState()).toMatchObject({ ok: true, lastFull: { ok: true } });
});

test("what a run over new rows found stays on show after others found nothing, and goes while one looks", async ({
  visit,
  operator,
}) => {
  const page = await visit("/console/chaos", { as: operator });
  const books = new Books(page);
  let state = BROKEN_STATE;
  await supplyReconcileState(page, () => state);
  await expect(books.banner.getByRole("alert")).toContainText("item 17 has one lamp too many");
  await expect(books.banner.getByRole("alert")).toContainText(
    "Found by the check of what is new of 1 Jan 2030, 12:00 UTC.",
  );
  await expect(books.banner.getByRole("listitem")).toHaveCount(1);
  const gate = await holdRequests(page, "**/trpc/operations.reconcile*");
  await supplyReconcileState(page, () => state);
  const button = books.banner.getByRole("button", { name: "Check everything again" });
  await button.click();
  await gate.arrived;
  await expect(button).toBeDisabled();
  await expect(books.banner.getByRole("status")).toContainText("Everything is being checked.");
  await expect(books.banner).toContainText(/takes minutes\.\s+[1-9]\s+s/);
  gate.open();
  await expect(button).toBeEnabled();
  state = CLEAN_STATE;
  await expect(books.banner).toHaveCount(0);
});

test("the glance leads to what was checked, however far down that is", async ({ visit, operator }) => {
  const page = await visit("/console/chaos", { as: operator, viewport: PHONE });
  const books = new Books(page);
  await supplyReconcileState(page, () => CLEAN_STATE);
  await books.glance.getByRole("link", { name: "Adds up" }).click();
  await expect(books.panel.getByRole("heading", { name: "Reconciliation" })).toBeInViewport();
  await expect(books.panel.getByRole("button", { name: "Check everything again" })).toBeInViewport();
});

test.describe("while it is not known", () => {
  test.use({ expectedConsoleErrors: /reconcileState/ });

  test("nothing is claimed, and before the first check that there was none", async ({ visit, operator }) => {
    const page = await visit("/", { as: operator });
    let state: ReconcileState | undefined;
    await supplyReconcileState(page, () => state);
    await page.getByRole("banner").getByRole("link", { name: "Console" }).click();
    await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Proof" }).click();
    const books = new Books(page);
    await expect(books.glance).toContainText("No faults");
    await expect(books.glance).not.toContainText(/add|checked/i);
    await expect(books.panel).toContainText("What was checked could not be loaded");
    await expect(books.panel.getByRole("button", { name: "Check everything again" })).toHaveCount(0);
    state = { ok: true, broken: null, lastFull: null, lastNew: null };
    await expect(books.glance).toContainText("Never checked");
    await expect(books.panel.getByRole("region", { name: "Everything" })).toContainText("Never checked");
    await expect(books.banner).toHaveCount(0);
  });
});

const PHONE = { width: 390, height: 844 };
