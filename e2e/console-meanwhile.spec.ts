import type { Page } from "@playwright/test";
import { ChaosPage, newTaskId, TasksPage } from "./console-page.ts";
import { holdRequests, loseNextAnswerOf } from "./gate.ts";
import { signIn } from "./signed-in.ts";
import { expect, itemOf, test } from "./test.ts";

// The browser itself notes each answer that it did not get, and each that turned somebody away.
test.use({ expectedConsoleErrors: /Failed to load resource/ });

/** The dialog for one account, with a reason typed. */
async function beginTo(page: Page, words: string | RegExp, reason: string) {
  await page.getByRole("button", { name: words }).first().click();
  const dialog = page.getByRole("dialog");
  const field = dialog.getByLabel("Reason");
  await field.fill(reason);
  return { dialog, field };
}

/**
 * Ends the session for what is asked for next: what the page only watches waits meanwhile, and would hear of it first.
 *
 * @returns lets that go on
 */
async function endSession(page: Page): Promise<() => Promise<void>> {
  const gate = Promise.withResolvers<void>();
  const watched = "**/trpc/**";
  await page.route(watched, async (route) => {
    if (route.request().method() === "GET") await gate.promise;
    await route.continue().catch(() => {});
  });
  await page.context().clearCookies();
  return async () => {
    await page.unroute(watched);
    gate.resolve();
  };
}

test.describe("when another operator was first", () => {
  test("a dialog keeps what it was opened for, says that it is so, and sends nothing", async ({
    visit,
    operator,
    newBuyer,
  }) => {
    const { userId } = await newBuyer();
    const page = await visit(`/console/people?user=${userId}`, { as: operator });
    const { dialog, field } = await beginTo(page, "Deactivate", "Fraud, see case 12");
    let sent = 0;
    page.on("request", (request) => {
      if (request.url().includes("users.setActive")) sent++;
    });
    await operator.client.users.setActive({ userId, active: false, reason: "A colleague was first" });
    await expect(dialog.getByRole("alert")).toContainText("The account is deactivated.");
    await expect(dialog.getByRole("heading", { name: "Deactivate the account?" })).toBeVisible();
    await expect(dialog.getByRole("button", { name: /ctivate/ })).toHaveCount(0);
    await field.press("Enter");
    await expect(field).toHaveValue("Fraud, see case 12");
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Activate", exact: true })).toBeVisible();
    expect(sent).toBe(0);
    expect(await operator.client.users.byId({ userId })).toMatchObject({ active: false });
  });

  test("a refund that is being typed stays, with its words", async ({ visit, operator, newBuyer, newSale }) => {
    const buyer = await newBuyer();
    const bought = await buyer.client.purchases.buy({ itemId: itemOf(await newSale()).id });
    if (bought.outcome !== "purchased") throw new Error(bought.message);
    const page = await visit(`/console/people?user=${buyer.userId}`, { as: operator });
    const { dialog, field } = await beginTo(page, /^Refund /, "Half a rea");
    await operator.client.purchases.refund({ purchaseId: bought.purchaseId, reason: "Another's" });
    await expect(dialog.getByRole("alert")).toContainText("It is refunded.");
    await expect(field).toHaveValue("Half a rea");
    await expect(page.getByRole("list", { name: "Purchases", includeHidden: true })).toContainText("Another's");
  });

  test("a purchase that newer ones push off the page stays while its refund is typed", async ({
    visit,
    operator,
    newBuyer,
    newSale,
  }) => {
    const [buyer, sale] = [await newBuyer(), await newSale({ items: [{ priceCents: 100 }] })];
    const buy = () => buyer.client.purchases.buy({ itemId: itemOf(sale).id });
    for (let bought = 0; bought < 10; bought++) await buy();
    const page = await visit(`/console/people?user=${buyer.userId}`, { as: operator });
    const first = `Refund ${itemOf(sale).name}, Buyer number 1`;
    await page.getByRole("button", { name: first, exact: true }).click();
    await page.getByRole("dialog").getByLabel("Reason").fill("The first of all");
    await buy();
    const rows = page.getByRole("list", { name: "Purchases", includeHidden: true });
    await expect(rows).toContainText("Buyer number 11");
    await expect(page.getByRole("dialog").getByLabel("Reason")).toHaveValue("The first of all");
  });

  test("whoever asks before the page has heard of it is told that nothing was written down", async ({
    visit,
    operator,
    newBuyer,
  }) => {
    const { userId } = await newBuyer();
    const page = await visit(`/console/people?user=${userId}`, { as: operator });
    const { dialog, field } = await beginTo(page, "Deactivate", "Too late");
    const gate = await holdRequests(page, "**/trpc/users.byId*");
    await operator.client.users.setActive({ userId, active: false, reason: "A colleague was first" });
    await dialog.getByRole("button", { name: "Deactivate" }).click();
    await gate.arrived;
    gate.open();
    await expect(dialog.getByRole("alert")).toContainText("your reason is not written down");
    await expect(field).toHaveValue("Too late");
    const { items } = await operator.client.audit.list({ subject: `user:${userId}`, action: "users.setActive" });
    expect(items.map(({ details }) => details.reason)).toEqual(["A colleague was first"]);
  });
});

test.describe("when an answer is lost", () => {
  test("a deactivation that was done is found, and one that was not may be asked for again", async ({
    visit,
    operator,
    newBuyer,
  }) => {
    const { userId } = await newBuyer();
    const page = await visit(`/console/people?user=${userId}`, { as: operator });
    const { dialog } = await beginTo(page, "Deactivate", "Resells");
    await page.context().setOffline(true);
    await dialog.getByRole("button", { name: "Deactivate" }).click();
    await expect(dialog.getByRole("alert")).toContainText("It is not known whether this was done");
    await expect(dialog.getByRole("alert")).toContainText("You are offline");
    await page.context().setOffline(false);
    await expect(dialog.getByRole("alert")).toContainText("Ask for it again to find out: it is done once.");
    await expect(dialog).not.toContainText("key");
    const lost = await loseNextAnswerOf(page, "**/trpc/users.setActive*");
    const gate = await holdRequests(page, "**/trpc/users.byId*");
    await dialog.getByRole("button", { name: "Deactivate" }).click();
    await lost.decided;
    await expect(dialog.getByRole("alert")).toContainText("the page is looking");
    gate.open();
    await expect(dialog).toContainText("The account is deactivated.");
    await expect(dialog.getByRole("alert")).toHaveCount(0);
    await expect(dialog).not.toContainText("not known");
    expect(await operator.client.users.byId({ userId })).toMatchObject({ active: false });
  });

  test("a fault that was started shows as on, without a word of failure", async ({ visit, operator }) => {
    const page = await visit("/console/chaos", { as: operator });
    const chaos = new ChaosPage(page);
    const fault = chaos.fault("Slow answers");
    await expect(fault).toContainText("Off");
    const gate = await holdRequests(page, "**/trpc/operations.chaosState*");
    const lost = await loseNextAnswerOf(page, "**/trpc/operations.chaos");
    await fault.getByRole("button", { name: "Start: Slow answers" }).click();
    await lost.decided;
    await expect(fault.getByRole("alert")).toContainText("It is not known whether this was done");
    gate.open();
    lost.open();
    await expect(fault).toContainText(/On, .* left/);
    await expect(fault.getByRole("alert")).toHaveCount(0);
    await chaos.mend();
  });

  test("a task is looked up by its id", async ({ visit, operator }) => {
    const page = await visit("/console/tasks", { as: operator });
    const tasks = new TasksPage(page);
    await page.route("**/trpc/tasks.submit*", async (route) => {
      await route.fetch();
      const error = { message: "Something went wrong.", data: { reason: "INTERNAL", retryable: false } };
      await route.fulfill({ status: 500, json: { error } });
    });
    await tasks.submit({ taskId: newTaskId() });
    await expect(tasks.answer).toContainText("Task submitted");
    await expect(page.getByRole("region", { name: "Submit a task" }).getByRole("alert")).toHaveCount(0);
  });
});

test.describe("when the session has ended", () => {
  test("a refund says that nothing was done, and is there again after signing in, unsent", async ({
    visit,
    operator,
    newBuyer,
    newSale,
  }) => {
    const buyer = await newBuyer();
    await buyer.client.purchases.buy({ itemId: itemOf(await newSale()).id });
    const page = await visit(`/console/people?user=${buyer.userId}`, { as: operator });
    const { dialog, field } = await beginTo(page, /^Refund /, "You meant to buy none");
    const goOn = await endSession(page);
    await dialog.getByRole("button", { name: "Refund" }).click();
    await expect(page.getByText("You have been signed out. Nothing was done.")).toBeVisible();
    await goOn();
    await signIn(page, operator);
    await expect(dialog.getByRole("heading", { name: "Refund it?" })).toBeVisible();
    await expect(field).toHaveValue("You meant to buy none");
    expect((await buyer.client.purchases.mine()).items[0]).toMatchObject({ refundedAt: null });
    await dialog.getByRole("button", { name: "Refund" }).click();
    await expect(dialog).toHaveCount(0);
    await page.reload();
    await expect(page.getByRole("list", { name: "Purchases" })).toContainText("You meant to buy none");
    await expect(dialog).toHaveCount(0);
  });

  test("a task and the choices for a fault are there again", async ({ visit, operator }) => {
    const page = await visit("/console/tasks", { as: operator });
    const tasks = new TasksPage(page);
    const taskId = newTaskId();
    await expect(tasks.table).toBeVisible();
    const goOn = await endSession(page);
    await tasks.submit({ taskId, payload: '{"kept": 1}' });
    await expect(page.getByText("You have been signed out. Nothing was done.")).toBeVisible();
    await goOn();
    await signIn(page, operator);
    await expect(tasks.form.getByRole("textbox", { name: "Payload" })).toHaveValue('{"kept": 1}');
    await expect(operator.client.tasks.byId({ taskId })).rejects.toMatchObject({ code: "NOT_FOUND" });
    await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Chaos" }).click();
    const fault = new ChaosPage(page).fault("Slow answers");
    const duration = fault.getByRole("combobox", { name: "For" });
    await duration.selectOption({ label: "5 min" });
    const goOnAgain = await endSession(page);
    await fault.getByRole("button", { name: "Start: Slow answers" }).click();
    await expect(page.getByText("You have been signed out. Nothing was done.")).toBeVisible();
    await goOnAgain();
    await signIn(page, operator);
    await expect(duration).toHaveValue("300000");
    await expect(fault).toContainText("Off");
  });
});

test("tabs tell the parts of the console, and one receipt, from another", async ({
  visit,
  operator,
  newBuyer,
  newProduct,
}) => {
  const page = await visit("/console/tasks", { as: operator });
  for (const part of ["Warehouse", "People", "Chaos", "Tasks"]) {
    await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: part }).click();
    await expect(page).toHaveTitle(`${part} · Console · Doorbuster`);
  }
  const [product, buyer] = [await newProduct(), await newBuyer()];
  const answer = await buyer.client.orders.place({ lines: [{ productId: product.id, quantity: 1 }] });
  if (answer.outcome !== "placed") throw new Error(answer.message);
  const receipt = await visit(`/purchases/order-${answer.order.orderId}`, { as: buyer });
  await expect(receipt).toHaveTitle(`Receipt order-${answer.order.orderId} · Doorbuster`);
});
