import type { Breaker } from "../shared/warehouse.ts";
import { expectAccessible, expectNoSidewaysScroll, PHONE, tabTo } from "./accessible.ts";
import { Books, ChaosPage, newTaskId, TasksPage } from "./console-page.ts";
import { BROKEN_STATE, supplyReconcileState } from "./reconcile-states.ts";
import { expect, itemOf, test } from "./test.ts";

const SCREENS = [
  { name: "wide", viewport: { width: 1366, height: 850 } },
  { name: "narrow", viewport: { width: 390, height: 844 } },
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const { name, viewport } of SCREENS) {
    test(`the console is accessible in ${colorScheme} mode on a ${name} screen`, async ({
      visit,
      operator,
      newBuyer,
      newSale,
      newProduct,
    }) => {
      test.slow();
      const [sale, product] = [await newSale(), await newProduct()];
      const buyer = await newBuyer();
      await buyer.client.purchases.buy({ itemId: itemOf(sale).id });
      await buyer.client.orders.place({ lines: [{ productId: product.id, quantity: 1 }] });
      const taskId = newTaskId();
      await operator.client.tasks.submit({ taskId, failureRate: 1, attemptsMax: 1, delayMs: 0 });

      const page = await visit("/console/tasks", { as: operator, viewport, colorScheme, reducedMotion: "reduce" });
      const tasks = new TasksPage(page);
      await expect(tasks.row(taskId)).toContainText("Failed");
      await expect(page.locator("svg.recharts-surface")).toHaveCount(2);
      if (name === "narrow") await page.getByRole("button", { name: "Open the form" }).click();
      await tasks.submit({ taskId, payload: "{" });
      await expect(tasks.form.getByText("This is not JSON")).toBeVisible();
      await expectAccessible(page, "tasks");
      await expectNoSidewaysScroll(page, "tasks-width");
      await tasks.submit({ taskId });
      await expect(tasks.answer).toContainText("This id already exists");
      await expectAccessible(page, "tasks-duplicate");
      await tasks.row(taskId).getByRole("link").click();
      await expect(tasks.log.last()).toBeVisible();
      await expectAccessible(page, "task");

      await page.goto("/console/warehouse");
      await expect(page.getByRole("table", { name: "Stock" })).toBeVisible();
      await expect(page.getByRole("list", { name: "Changes of the stock" })).toBeVisible();
      await expectAccessible(page, "warehouse");
      await expectNoSidewaysScroll(page, "warehouse-width");

      await page.goto("/console/chaos");
      const chaos = new ChaosPage(page);
      await chaos.start("Slow answers");
      await expectAccessible(page, "chaos");
      await expectNoSidewaysScroll(page, "chaos-width");
      await chaos.mend();
      await chaos.fault("Crash").getByRole("button", { name: "Start: Crash" }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectAccessible(page, "crash");

      await supplyReconcileState(page, () => BROKEN_STATE);
      await page.goto("/console/proof");
      const books = new Books(page);
      await expect(books.banner.getByRole("alert")).toBeVisible();
      await expectAccessible(page, "broken");
      await expectNoSidewaysScroll(page, "broken-width");
    });
  }
}

test("the refusal of the console is accessible", async ({ visit, newBuyer }) => {
  const page = await visit("/console", { as: await newBuyer() });
  await expect(page.getByRole("heading", { level: 1, name: "Staff only" })).toBeVisible();
  await expectAccessible(page, "staff-only");
});

test("a task is submitted, followed and closed without a mouse", async ({ visit, operator }) => {
  const page = await visit("/console/tasks", { as: operator });
  const tasks = new TasksPage(page);
  const taskId = newTaskId();
  const id = tasks.form.getByRole("textbox", { name: "Id" });
  await expect(tasks.table).toBeVisible();
  await tabTo(page, id);
  await page.keyboard.type(taskId);
  await page.keyboard.press("Enter");
  const follow = tasks.answer.getByRole("link", { name: "Follow it" });
  await expect(follow).toBeVisible();
  await tabTo(page, follow);
  await page.keyboard.press("Enter");
  await expect(tasks.sheet.getByRole("heading", { name: taskId })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(tasks.sheet).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).not.toBe("BODY");
});

test("the console fits the smallest phone", async ({ visit, operator }) => {
  const page = await visit("/console/tasks", { as: operator, ...PHONE });
  for (const path of ["/console/tasks", "/console/warehouse", "/console/people", "/console/chaos"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 2 }).first()).toBeVisible();
    await expectNoSidewaysScroll(page, `phone-${path.slice(1).replaceAll("/", "-")}`);
  }
});

test("the breaker of a host with a long name fits the smallest phone", async ({ visit, operator }) => {
  const page = await visit("/console/tasks", { as: operator, ...PHONE });
  const instance = `web-12@${"abcdefgh".repeat(8)}`;
  const since = new Date().toISOString();
  const breaker: Breaker = {
    state: "open",
    instances: [{ instance, state: "open", since, halfOpenAt: since }],
    transitions: [{ instance, from: "closed", to: "open", reason: "The warehouse cannot be reached", at: since }],
  };
  await page.route("**/trpc/warehouse.breaker*", (route) => route.fulfill({ json: { result: { data: breaker } } }));
  await page.goto("/console/warehouse");
  await expect(page.getByTitle(instance)).toBeVisible();
  await expectNoSidewaysScroll(page, "phone-breaker");
});
