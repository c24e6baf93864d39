import { expectAccessible, expectNoSidewaysScroll, PHONE } from "./accessible.ts";
import { expect, test } from "./test.ts";

test.describe("in the console", () => {
  // The rehearsal that is refused, and the page that may ask once more for one that is deleted.
  test.use({ expectedConsoleErrors: /status of (400 .*operations\.rehearse|404 .*operations\.rehearsal\?)/ });

  test("an operator rehearses a sale with a crowd, reads what came of it, and deletes it", async ({
    visit,
    operator,
    newSale,
  }) => {
    const sale = await newSale();
    const units = sale.items.reduce((sum, { allotted }) => sum + allotted, 0);
    const page = await visit(`/console/rehearsals?sale=${sale.id}`, { as: operator });
    const form = page.getByRole("form", { name: "Rehearse a sale" });
    await expect(form.getByLabel("Sale", { exact: true })).toHaveValue(String(sale.id));
    await expectAccessible(page, "rehearsals-form");

    // What cannot be is said at its field, and nothing typed is lost.
    await form.getByLabel("Buyers").fill("0");
    await form.getByLabel("Within, seconds").fill("1");
    await form.getByRole("button", { name: "Rehearse" }).click();
    await expect(form.getByText("A whole number from 1 to 100,000.")).toBeVisible();
    await expect(form.getByLabel("Buyers")).toBeFocused();
    await form.getByLabel("Buyers").fill("20");
    await form.getByLabel("Measure what this machine can carry").uncheck();
    // The sale itself is live: that has to be meant.
    await form.getByRole("button", { name: "Rehearse" }).click();
    await expect(form.getByRole("alert")).toContainText("a rehearsal would slow it down");
    await form.getByLabel("Rehearse even while a real sale runs").check();
    await expect(form.getByLabel("Within, seconds")).toHaveValue("1");
    await form.getByRole("button", { name: "Rehearse" }).click();

    const rehearsal = page.getByRole("region", { name: `Rehearsal of ${sale.name}` });
    await expect(rehearsal).toBeVisible();
    await expect(rehearsal.getByRole("button", { name: "Delete" })).toBeVisible({ timeout: 120_000 });
    const sold = Math.min(units, 20);
    await expect(rehearsal.getByText(`${sold} of ${units}`, { exact: true })).toBeVisible();
    await expect(rehearsal.getByText(/^All \d+ checks hold\.$/)).toBeVisible();
    await expect(page.getByRole("region", { name: "Rehearsals" }).getByRole("link", { name: sale.name })).toBeVisible();
    await expectAccessible(page, "rehearsals-report");
    // Nothing real was sold.
    const { items } = await operator.client.sales.byId({ saleId: sale.id });
    expect(items.map(({ remaining }) => remaining)).toEqual(sale.items.map(({ remaining }) => remaining));

    // Whoever is about to open the sale reads it there.
    await page.goto(`/console/sales/${sale.id}`);
    await expect(page.getByText(/^Last rehearsed/)).toBeVisible();
    await page.getByRole("link", { name: "See how it went" }).click();

    await rehearsal.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(rehearsal).toHaveCount(0);
  });
});

test.describe("on a phone", () => {
  test.use(PHONE);

  test("nothing of rehearsals scrolls sideways", async ({ visit, operator, newSale }) => {
    await newSale();
    const page = await visit("/console/rehearsals", { as: operator });
    await expect(page.getByRole("form", { name: "Rehearse a sale" })).toBeVisible();
    await expectNoSidewaysScroll(page, "rehearsals-phone");
    await expectAccessible(page, "rehearsals-phone");
  });
});
