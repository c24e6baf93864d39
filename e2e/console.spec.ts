import { expectAccessible } from "./accessible.ts";
import { ChaosPage, newTaskId, TasksPage } from "./console-page.ts";
import { holdRequests } from "./gate.ts";
import { signIn } from "./signed-in.ts";
import { expect, itemOf, test } from "./test.ts";

test("a buyer cannot open the console, and finds no way to it", async ({ visit, newBuyer }) => {
  const page = await visit("/console", { as: await newBuyer() });
  await expect(page.getByRole("heading", { level: 1, name: "Staff only" })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Console" })).toHaveCount(0);
  await expect(page.getByRole("banner").getByRole("link", { name: "Console" })).toHaveCount(0);
  for (const path of ["/console/warehouse", "/console/people", "/console/chaos"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1, name: "Staff only" })).toBeVisible();
  }
});

test("whoever is not signed in is sent to sign in, and back to where they wanted to go", async ({ visit }) => {
  const page = await visit("/console/chaos");
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await signIn(page, { email: "operator@example.com", password: "doorbuster-demo" });
  await expect(page.getByRole("region", { name: "Faults" })).toBeVisible();
  await expect(page).toHaveURL(/\/console\/chaos$/);
  await page.getByRole("banner").getByRole("link", { name: "Console" }).click();
  await expect(page).toHaveURL(/\/console\/sales$/);
  await expect(page.getByRole("region", { name: "Sales" })).toBeVisible();
});

test("leads to any part of the console, and to what is looked for there, by keyboard alone", async ({
  visit,
  operator,
  newBuyer,
}) => {
  const buyer = await newBuyer();
  const page = await visit("/console", { as: operator });
  await expect(page.getByRole("navigation", { name: "Console" })).toBeVisible();
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("option")).not.toHaveCount(0);
  await page.keyboard.type("warehouse");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/console\/warehouse$/);
  await expect(page.getByRole("link", { name: "Warehouse", exact: true })).toHaveAttribute("aria-current", "page");

  await page.keyboard.press("Control+k");
  await page.keyboard.type(buyer.email);
  await page.getByRole("option", { name: /in people/ }).waitFor();
  await expectAccessible(page, "go-to");
  const inPeople = page.getByRole("option", { name: /in people/ });
  const isChosen = async () => (await inPeople.getAttribute("data-highlighted")) !== null;
  for (let steps = 0; steps < 20 && !(await isChosen()); steps++) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: "People" }).getByRole("listitem")).toHaveCount(1);
});

test("a task that is submitted stands there as processing before the shop has answered", async ({
  visit,
  operator,
}) => {
  const page = await visit("/console/tasks", { as: operator });
  const tasks = new TasksPage(page);
  const taskId = newTaskId();
  await expect(tasks.table).toBeVisible();
  const gate = await holdRequests(page, "**/trpc/tasks.submit*");
  await tasks.submit({ taskId, payload: '{"parcel": 7}' });
  await gate.arrived;
  await expect(tasks.row(taskId)).toContainText("Processing");
  gate.open();
  await expect(tasks.row(taskId)).toContainText("Completed");
  await expect(tasks.row(taskId)).toHaveCount(1);
  await tasks.row(taskId).getByRole("link").click();
  await expect(tasks.sheet.getByText('"parcel": 7')).toBeVisible();
  await expect(tasks.log.first()).toContainText("Submitted");
  await expect(tasks.log.last()).toContainText("Completed");
  await page.keyboard.press("Escape");
  await expect(tasks.sheet).toHaveCount(0);
  expect(await operator.client.tasks.byId({ taskId })).toMatchObject({ status: "COMPLETED", attempts: 1 });
});

test("an id that was there before shows its task, and does nothing a second time", async ({ visit, operator }) => {
  const page = await visit("/console/tasks", { as: operator });
  const tasks = new TasksPage(page);
  const taskId = newTaskId();
  await tasks.submit({ taskId, payload: '{"first": true}' });
  await expect(tasks.row(taskId)).toContainText("Completed");
  await tasks.submit({ taskId, payload: '{"first": false}' });
  await expect(tasks.answer).toContainText("This id already exists");
  await expect(tasks.answer).toContainText("Completed");
  await expect(tasks.answer).toContainText("1 of 10 attempts");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect(tasks.row(taskId)).toHaveCount(1);
  await tasks.answer.getByRole("link", { name: "Show it" }).click();
  await expect(tasks.sheet.getByText('"first": true')).toBeVisible();
  await expect(tasks.log.filter({ hasText: "Submitted again" })).toHaveCount(1);
  expect(await operator.client.tasks.byId({ taskId })).toMatchObject({ attempts: 1, payload: { first: true } });
});

test("a new try clears the answer to the last one, also where it is not sent", async ({ visit, operator }) => {
  const page = await visit("/console/tasks", { as: operator });
  const tasks = new TasksPage(page);
  const taskId = newTaskId();
  await tasks.submit({ taskId });
  await expect(tasks.answer).toContainText("Task submitted");
  await tasks.submit({ taskId: newTaskId(), payload: JSON.stringify("x".repeat(70_000)) });
  await expect(tasks.form.getByText(/at most 65536 bytes/)).toBeVisible();
  await expect(tasks.answer).toBeEmpty();
  await tasks.submit({ taskId });
  await expect(tasks.answer).toContainText("This id already exists");
  await tasks.submit({ taskId: "two words" });
  await expect(tasks.form.getByText(/without spaces/)).toBeVisible();
  await expect(tasks.answer).toBeEmpty();
});

test("a payload that is not JSON is refused at its field, and nothing is sent", async ({ visit, operator }) => {
  const page = await visit("/console/tasks", { as: operator });
  const tasks = new TasksPage(page);
  const taskId = newTaskId();
  await tasks.submit({ taskId, payload: '{"parcel": }', failures: "200" });
  const payload = tasks.form.getByRole("textbox", { name: "Payload" });
  await expect(payload).toHaveAccessibleDescription(/This is not JSON\. Unexpected token/);
  await expect(tasks.form.getByRole("textbox", { name: "Failures, %" })).toHaveAccessibleDescription(/from 0 to 100/);
  await expect(payload).toBeFocused();
  await expect(tasks.row(taskId)).toHaveCount(0);
});

test("a task that has used up its attempts waits for an operator, who sends it round again", async ({
  visit,
  operator,
}) => {
  const taskId = newTaskId();
  await operator.client.tasks.submit({ taskId, failureRate: 1, attemptsMax: 1, delayMs: 10 });
  const page = await visit(`/console?status=FAILED&taskId=${taskId}`, { as: operator });
  const tasks = new TasksPage(page);
  await expect(tasks.row(taskId)).toContainText("Waits for an operator");
  await tasks.row(taskId).getByRole("link").click();
  await expect(tasks.sheet.getByText("The last attempt failed")).toBeVisible();
  await tasks.sheet.getByRole("button", { name: "Retry now" }).click();
  await expect(tasks.log.filter({ hasText: "Retried" })).toHaveCount(1);
  await expect(tasks.log.filter({ hasText: /Attempt \d failed/ })).toHaveCount(2);
});

test("the list is narrowed by status, kind and id, and the address keeps what was chosen", async ({
  visit,
  operator,
}) => {
  const [kept, other] = [newTaskId(), newTaskId()];
  for (const taskId of [kept, other]) await operator.client.tasks.submit({ taskId, failureRate: 0, delayMs: 0 });
  const page = await visit("/console/tasks", { as: operator });
  const tasks = new TasksPage(page);
  await expect(tasks.row(other)).toContainText("Completed");
  await page.getByRole("combobox", { name: "Status" }).selectOption("Completed");
  await page.getByRole("combobox", { name: "Kind" }).selectOption("Simulate");
  await page.getByRole("searchbox", { name: "Id begins with" }).fill(kept);
  await expect(tasks.row(other)).toHaveCount(0);
  await expect(tasks.row(kept)).toBeVisible();
  await page.reload();
  await expect(tasks.row(kept)).toBeVisible();
  await expect(tasks.table.getByRole("row")).toHaveCount(2);
  await page.getByRole("combobox", { name: "Status" }).selectOption("Failed");
  await expect(page.getByText("No task is like that.")).toBeVisible();
  await page.getByRole("list", { name: "Tasks by status" }).getByRole("link", { name: "Completed" }).click();
  await expect(tasks.row(other)).toBeVisible();
});

test("what no id can be like stands in the field and in the address as it was typed, and finds nothing", async ({
  visit,
  operator,
}) => {
  await operator.client.tasks.submit({ taskId: `ab-${newTaskId()}`, failureRate: 0, delayMs: 0 });
  const page = await visit("/console/tasks", { as: operator });
  const field = page.getByRole("searchbox", { name: "Id begins with" });
  await field.fill("a b é");
  await expect(page.getByText("No task is like that.")).toBeVisible();
  await expect(field).toHaveValue("a b é");
  expect(new URL(page.url()).searchParams.get("taskId")).toBe("a b é");
  await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
});

test("tasks that only an operator can send round again are not open, and the glance leads to them", async ({
  visit,
  operator,
}) => {
  const taskId = newTaskId();
  await operator.client.tasks.submit({ taskId, failureRate: 1, attemptsMax: 1, delayMs: 10 });
  const page = await visit("/console/chaos", { as: operator });
  const tasks = { byStatus: { PENDING: 2, PROCESSING: 1, FAILED: 29 }, needOperator: 28, oldestOpenSeconds: 3 };
  const metrics = { at: new Date().toISOString(), stepSeconds: 5, points: [], tasks };
  await page.route("**/trpc/operations.metrics*", (route) => route.fulfill({ json: { result: { data: metrics } } }));
  const glance = page.getByRole("list", { name: "At a glance" });
  await expect(glance.getByRole("listitem").filter({ hasText: "open" })).toHaveText("4 tasks open");
  await glance.getByRole("link", { name: "28 tasks need you" }).click();
  await expect(new TasksPage(page).row(taskId)).toContainText("Waits for an operator");
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("FAILED");
  tasks.needOperator = 0;
  await expect(glance).toContainText("32 tasks open");
  await expect(glance).not.toContainText("for you");
});

test("the warehouse shows what came in and what was sold, down to the task that did it", async ({
  visit,
  operator,
  newProduct,
  newBuyer,
}) => {
  const product = await newProduct({ units: 12 });
  const page = await visit("/console/warehouse", { as: operator });
  const stock = page.getByRole("table", { name: "Stock" });
  await page.getByRole("searchbox", { name: "Search the stock" }).fill(product.name);
  const row = stock.getByRole("row").filter({ hasText: product.name });
  await expect(row).toContainText("12");
  const order = await (await newBuyer()).client.orders.place({ lines: [{ productId: product.id, quantity: 5 }] });
  if (order.outcome !== "placed") throw new Error(order.message);
  await expect(row.getByRole("cell").first()).toHaveText("7");
  await row.getByRole("link", { name: product.name }).click();
  const changes = page.getByRole("list", { name: "Changes of the stock" }).getByRole("listitem");
  await expect(changes).toHaveCount(2);
  await expect(changes.first()).toContainText(/12 -5 makes → 7/);
  await changes
    .first()
    .getByRole("link", { name: `order-${order.order.orderId}` })
    .click();
  const tasks = new TasksPage(page);
  await expect(tasks.sheet.getByRole("heading", { name: `order-${order.order.orderId}` })).toBeVisible();
  await expect(tasks.log.last()).toContainText("Completed");
});

test("a fault is switched on for a while, runs down, and is stopped; a crash is asked about first", async ({
  visit,
  operator,
}) => {
  const page = await visit("/console/chaos", { as: operator });
  const chaos = new ChaosPage(page);
  await chaos.start("Slow answers");
  const glance = page.getByRole("list", { name: "At a glance" });
  await expect(glance).toContainText("1 fault on");
  await chaos.mend();
  await expect(chaos.fault("Slow answers")).toContainText("Off");
  await expect(glance).toContainText("No faults");
  await chaos.fault("Crash").getByRole("button", { name: "Start: Crash" }).click();
  const dialog = page.getByRole("dialog", { name: "Crash the warehouse?" });
  await expect(dialog).toBeVisible();
  await dialog.getByRole("button", { name: "Leave it alone" }).click();
  await expect(chaos.fault("Crash")).toContainText("Off");
  expect((await operator.client.operations.chaosState()).active).toEqual([]);
});

test("one of two faults is stopped alone", async ({ visit, operator }) => {
  const page = await visit("/console/chaos", { as: operator });
  const chaos = new ChaosPage(page);
  await chaos.start("Slow answers");
  await chaos.start("Cut connections");
  const gate = await holdRequests(page, "**/trpc/operations.chaos");
  const stop = chaos.fault("Slow answers").getByRole("button", { name: "Stop: Slow answers" });
  await stop.click();
  await gate.arrived;
  await expect(stop).toBeDisabled();
  await expect(chaos.fault("Cut connections").getByRole("button", { name: "Stop: Cut connections" })).toBeEnabled();
  await expect(chaos.stopAll).toBeEnabled();
  gate.open();
  await expect(chaos.fault("Slow answers")).toContainText("Off");
  await expect(stop).toHaveCount(0);
  await expect(chaos.fault("Slow answers").getByRole("button", { name: "Start: Slow answers" })).toBeFocused();
  await expect(chaos.fault("Cut connections")).toContainText(/On, .* left/);
  const { active } = await operator.client.operations.chaosState();
  expect(active.map(({ fault }) => fault)).toEqual(["refuse"]);
  await chaos.stop("Cut connections");
  await expect(page.getByRole("list", { name: "At a glance" })).toContainText("No faults");
});

test("the charts are drawn, and say in numbers what they show", async ({ visit, operator, newSale, newBuyer }) => {
  const sale = await newSale();
  await (await newBuyer()).client.purchases.buy({ itemId: itemOf(sale).id });
  const page = await visit("/console/tasks", { as: operator });
  const sales = page.getByRole("region", { name: "Sales" });
  await expect(sales.getByRole("definition").first()).toHaveText(/^[1-9]/);
  await expect(sales.locator("svg.recharts-surface")).toBeVisible();
});

test.describe("while the warehouse is away", () => {
  test.use({ expectedConsoleErrors: /Failed to load resource: the server responded with a status of 503/ });

  test("what needs it says so, and the rest of the console works", async ({ visit, operator }) => {
    const page = await visit("/console/chaos", { as: operator });
    await page.route(/\/trpc\/warehouse\.(stock|updates)/, (route) =>
      route.fulfill({
        status: 503,
        json: { error: { message: "The warehouse is away.", data: { reason: "UNAVAILABLE", retryable: false } } },
      }),
    );
    await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Warehouse" }).click();
    const alerts = page.getByRole("main").getByRole("alert");
    await expect(alerts.filter({ hasText: "The stock could not be loaded" })).toContainText("The warehouse is away.");
    await expect(alerts.filter({ hasText: "The history could not be loaded" })).toBeVisible();
    // The words stay where they are while it keeps asking: they do not come and go with each try.
    const words = await alerts.first().elementHandle();
    for (let tries = 0; tries < 2; tries++) await page.waitForResponse(/\/trpc\/warehouse\.stock/);
    await page.waitForResponse(/\/trpc\/warehouse\.updates/);
    expect(await words?.evaluate(({ isConnected }) => isConnected)).toBe(true);
    await expect(page.getByRole("region", { name: "Circuit breaker" }).getByRole("status")).toContainText("Closed");
    await page.unroute(/\/trpc\/warehouse\.(stock|updates)/);
    await expect(page.getByRole("table", { name: "Stock" })).toBeVisible();
    await expect(alerts).toHaveCount(0);
  });
});

test.describe("a task that is not there", () => {
  test.use({ expectedConsoleErrors: /Failed to load resource: the server responded with a status of 404/ });

  test("is said not to be there, and not asked for again", async ({ visit, operator }) => {
    const page = await visit("/console/tasks", { as: operator });
    await expect(new TasksPage(page).table).toBeVisible();
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().includes("/trpc/tasks.byId")) asked++;
    });
    await page.goto(`/console?task=${newTaskId()}`);
    const alert = new TasksPage(page).sheet.getByRole("alert");
    await expect(alert).toContainText("There is no task with this id.");
    await expect(alert).not.toContainText("keeps asking");
    // What is watched as closely as a task, meanwhile.
    for (let rounds = 0; rounds < 2; rounds++) await page.waitForResponse(/\/trpc\/warehouse\.breaker/);
    expect(asked).toBe(1);
  });
});

test("nothing that was asked for one part of the console is waited for once another is looked at", async ({
  visit,
  operator,
}) => {
  const page = await visit("/console/chaos", { as: operator });
  const gate = await holdRequests(page, "**/trpc/warehouse.{stock,updates}*");
  const given = new Set<string>();
  page.on("requestfailed", (request) => given.add(new URL(request.url()).pathname));
  const asked = Promise.all([/warehouse\.stock/, /warehouse\.updates/].map((each) => page.waitForRequest(each)));
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Warehouse" }).click();
  await asked;
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Tasks" }).click();
  await expect(new TasksPage(page).table).toBeVisible();
  await expect
    .poll(() => [...given])
    .toEqual(expect.arrayContaining(["/trpc/warehouse.stock", "/trpc/warehouse.updates"]));
  gate.open();
});
