import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScroll, PHONE, tabTo } from "./accessible.ts";
import { signInAgain } from "./accounts.ts";
import { loseNextAnswerOf } from "./gate.ts";
import { expect, itemOf, test } from "./test.ts";

// A refusal of the shop that stands at its field, and what two operators hear.
test.use({ expectedConsoleErrors: /(status of (400|401|409|422)|ERR_CONNECTION_RESET)/ });

const form = (page: Page) => page.getByRole("form");

test("somebody who has never seen a terminal plans a sale by keyboard, and a buyer buys from it", async ({
  visit,
  operator,
  newProduct,
  newBuyer,
}) => {
  const product = await newProduct({ units: 30, priceCents: 4_990 });
  const page = await visit("/console/sales", { as: operator, timezoneId: "Europe/Berlin" });
  await tabTo(page, page.getByRole("link", { name: "Plan a sale" }));
  await page.keyboard.press("Enter");
  const name = `Friday ${crypto.randomUUID().slice(0, 8)}`;

  // Before anything is sent each field says what is missing.
  await page.getByRole("button", { name: "Plan the sale" }).click();
  await expect(page.getByText("Please give it a name.")).toBeVisible();
  await expect(page.getByText("Please say when it starts.")).toBeVisible();
  await expect(page.getByText("A sale has at least one item.")).toBeVisible();
  await expect(page.getByLabel("Name of the sale")).toBeFocused();

  await page.keyboard.type(name);
  await page.getByLabel("Start, Europe/Berlin").fill("2027-03-28T02:30");
  await expect(page.getByText(/put forward and never show 02:30/)).toBeVisible();
  await page.getByLabel("Start, Europe/Berlin").fill("2026-01-02T18:00");
  await expect(page.getByText("UTC+1: Fri 2 Jan 2026, 17:00 UTC. That has passed: it sells as soon as")).toBeVisible();
  await page.getByLabel("End, Europe/Berlin").fill("2030-10-27T02:30");
  await page.getByLabel("Which 02:30?").selectOption({ label: "The second one, UTC+1: Sun 27 Oct 2030, 01:30 UTC" });

  await page.getByLabel("Add a product of the catalogue").focus();
  await page.keyboard.type(product.name);
  const hit = page.getByRole("button", { name: `Add ${product.name}` });
  await hit.waitFor();
  await page.keyboard.press("ArrowDown");
  await expect(hit).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Main warehouse has 30.")).toBeVisible();
  await page.getByLabel("Units", { exact: true }).fill("31");
  await page.getByRole("button", { name: "Add a new item" }).press("Enter");
  const second = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: "2. New item" }) });
  await second.getByLabel("Name", { exact: true }).fill("Poster");
  const poster = page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: /Poster/ }) });
  await poster.getByLabel("Price, EUR").fill("12,50");
  await poster.getByLabel("Units", { exact: true }).fill("5");

  const up = page.getByRole("button", { name: "Move Poster up" });
  await up.press("Enter");
  await expect(page.getByText("Poster is now 1 of 2.")).toBeAttached();
  await expect(up).toBeFocused();

  // What the shop refuses stands at its field, and nothing typed is lost.
  await page.getByRole("button", { name: "Open the sale now" }).press("Enter");
  await expect(page.getByText(`Main warehouse has 30 of "${product.name}", 1 too few.`)).toBeVisible();
  await page.reload();
  await expect(page.getByText("This is your draft, as you left it.")).toBeVisible();
  await expect(page.getByLabel("Name of the sale")).toHaveValue(name);
  await page.getByRole("listitem").filter({ hasText: product.name }).getByLabel("Units", { exact: true }).fill("30");
  await page.getByRole("button", { name: "Open the sale now" }).press("Enter");
  await expect(page.getByRole("heading", { name, level: 2 })).toBeVisible();
  await expect(page.getByText("0 of 35")).toBeVisible();

  const { items: planned } = await operator.client.sales.overview({ search: name });
  expect(planned).toMatchObject([{ name, startsAt: "2026-01-02T17:00:00.000Z", endsAt: "2030-10-27T01:30:00.000Z" }]);
  const sale = await operator.client.sales.byId({ saleId: planned[0]?.id ?? 0 });
  expect(sale.items).toMatchObject([
    { name: "Poster", priceCents: 1_250, allotted: 5 },
    { productId: product.id, allotted: 30 },
  ]);
  const buyer = await newBuyer();
  const shop = await visit(`/sales/${sale.id}`, { as: buyer });
  await shop.getByRole("button", { name: "Buy Poster" }).click();
  await expect(shop.getByText("number 1", { exact: false }).first()).toBeVisible();
  await expect(page.getByText("1 of 35")).toBeVisible();
});

test("of two operators the second sees field by field what the first changed, and overwrites nothing", async ({
  visit,
  operator,
  newSale,
}) => {
  const in1h = new Date(Date.now() + 3_600_000).toISOString();
  const sale = await newSale({ startsAt: in1h, endsAt: new Date(Date.now() + 7_200_000).toISOString() });
  const page = await visit(`/console/sales/${sale.id}`, { as: operator });
  await form(page).getByLabel("Price, EUR").fill("17.50");
  await form(page).getByLabel("Description").fill("Mine");
  await operator.client.sales.update({
    saleId: sale.id,
    name: "Theirs",
    items: [{ itemId: itemOf(sale).id, priceCents: 1_800, stock: 40 }],
  });
  const told = page.getByRole("alert").filter({ hasText: "This sale was changed meanwhile" });
  await expect(told).toContainText("Operator");
  const row = (label: string) => told.getByRole("row").filter({ hasText: label });
  await expect(row("Price of Lamp A")).toContainText("19.99");
  await expect(row("Price of Lamp A")).toContainText("18.00");
  await expect(row("Price of Lamp A")).toContainText("17.50");
  await expect(row("Units of Lamp A")).toContainText("as before");
  await expect(page.getByRole("button", { name: "Save the changes" })).toBeDisabled();
  await expectAccessible(page, "conflict");
  await told.getByRole("button", { name: "Go on from the new state" }).click();
  await expect(page.getByLabel("Name of the sale")).toHaveValue("Theirs");
  await expect(form(page).getByLabel("Price, EUR")).toHaveValue("17.50");
  await expect(form(page).getByLabel("Units", { exact: true })).toHaveValue("40");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  expect(await operator.client.sales.byId({ saleId: sale.id })).toMatchObject({
    name: "Theirs",
    items: [{ priceCents: 1_750, allotted: 40, description: "Mine" }],
  });
});

test("a sale that runs is paused, extended and given units, each told in numbers before; what stays says why", async ({
  visit,
  operator,
  newSale,
  newBuyer,
}) => {
  const sale = await newSale();
  const item = itemOf(sale);
  const buyer = await newBuyer();
  await buyer.client.purchases.buy({ itemId: item.id, quantity: 2 });
  const page = await visit(`/console/sales/${sale.id}`, { as: operator });
  await expect(form(page).getByLabel("Price, EUR")).toBeDisabled();
  await expect(page.getByText("The sale has started: everybody pays the same.")).toBeVisible();
  const dialog = page.getByRole("dialog");

  await page.getByRole("button", { name: "Pause" }).click();
  await expect(dialog).toContainText("98 units stay in it");
  await dialog.getByRole("button", { name: "Pause" }).click();
  await expect(dialog).toHaveCount(0);
  await page.getByRole("button", { name: "Go on" }).click();
  await dialog.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();

  await page.getByRole("button", { name: "Extend" }).click();
  await dialog.getByLabel(/^New end/).fill("2031-01-01T12:00");
  await expect(dialog).toContainText("later, on 1 Jan 2031");
  await dialog.getByRole("button", { name: "Extend" }).click();
  await expect(dialog).toHaveCount(0);
  expect(await operator.client.sales.byId({ saleId: sale.id })).toMatchObject({ status: "live" });
  expect((await operator.client.sales.byId({ saleId: sale.id })).endsAt).toMatch(/^2031-01-01/);

  await page.getByRole("button", { name: `Withdraw units of ${item.name}` }).click();
  await dialog.getByLabel("How many").fill("8");
  await expect(dialog).toContainText("98 units left, and would have 90.");
  await expect(dialog).toContainText("The 2 that are sold stay sold.");
  await dialog.getByRole("button", { name: "Withdraw" }).click();
  await expect(dialog.getByText("Please say why.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("Broken in transport");
  await dialog.getByRole("button", { name: "Withdraw" }).click();
  await expect(page.getByText("90 left, 2 sold")).toBeVisible();

  await page.getByRole("button", { name: "Cancel the sale" }).click();
  await expect(dialog).toContainText("90 units go back to the inventory at once.");
  await expect(dialog).toContainText("1 purchase stays, and so does the €39.98 taken");
  await dialog.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(dialog).toHaveCount(0);
});

test("a sale whose answer is lost is planned once, although the operator loads the page anew and presses again", async ({
  visit,
  operator,
}) => {
  const first = await operator.client.sales.create({
    name: `Lost ${crypto.randomUUID().slice(0, 8)}`,
    startsAt: new Date(Date.now() + 3_600_000).toISOString(),
    endsAt: new Date(Date.now() + 7_200_000).toISOString(),
    items: [{ name: "Lamp", priceCents: 100, stock: 3 }],
  });
  // A copy in which nothing is changed has nothing that was typed, and is kept all the same once it is sent.
  const page = await visit(`/console/sales/new?copy=${first.id}`, { as: operator });
  const lost = await loseNextAnswerOf(page, "**/trpc/sales.create*");
  await page.getByRole("button", { name: "Plan the sale" }).click();
  expect(await lost.decided).toMatchObject({ result: { data: { name: first.name } } });
  await page.reload();
  await expect(page.getByText("This is your draft, as you left it.")).toBeVisible();
  lost.open();
  await page.getByRole("button", { name: "Plan the sale" }).click();
  await expect(page.getByRole("heading", { name: first.name, level: 2 })).toBeVisible();
  const { items: planned } = await operator.client.sales.overview({ search: first.name });
  expect(planned).toHaveLength(2);

  // The next plan is another one.
  await page.goto(new URL("/console/sales/new", page.url()).href);
  await expect(page.getByLabel("Name of the sale")).toHaveValue("");
});

test("a plan that was changed after its answer was lost says which sale it has become", async ({ visit, operator }) => {
  const page = await visit("/console/sales/new", { as: operator, timezoneId: "UTC" });
  const name = `Lost ${crypto.randomUUID().slice(0, 8)}`;
  await page.getByLabel("Name of the sale").fill(name);
  await page.getByLabel("Start, UTC").fill("2030-01-02T18:00");
  await page.getByLabel("End, UTC").fill("2030-01-02T20:00");
  await page.getByRole("button", { name: "Add a new item" }).click();
  await form(page).getByRole("textbox", { name: "Name", exact: true }).fill("Lamp");
  await form(page).getByLabel("Price, EUR").fill("10");
  await form(page).getByLabel("Units", { exact: true }).fill("5");
  const lost = await loseNextAnswerOf(page, "**/trpc/sales.create*");
  await page.getByRole("button", { name: "Plan the sale" }).click();
  await lost.decided;
  await page.reload();
  lost.open();
  await form(page).getByLabel("Units", { exact: true }).fill("6");
  await page.getByRole("button", { name: "Plan the sale" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "That was not done" })).toContainText(`"${name}" (sale `);
  await expect(form(page).getByLabel("Units", { exact: true })).toHaveValue("6");
  expect((await operator.client.sales.overview({ search: name })).items).toHaveLength(1);
});

test("items are put in another order by the mouse, up and down, and buyers see them in it", async ({
  visit,
  operator,
  newSale,
}) => {
  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const endsAt = new Date(Date.now() + 7_200_000).toISOString();
  const sale = await newSale({ startsAt, endsAt, items: [{}, {}, {}] });
  const [a = "", b = "", c = ""] = sale.items.map(({ name }) => name);
  const page = await visit(`/console/sales/${sale.id}`, { as: operator, viewport: { width: 1_440, height: 2_400 } });
  const items = form(page).getByRole("list", { name: "Items" }).locator("> li");
  const handleOf = (name: string) => items.filter({ hasText: name }).getByTitle("Drag to another place");
  const inOrder = (names: readonly string[]) =>
    expect(items.getByRole("heading")).toHaveText(names.map((name, index) => `${index + 1}. ${name}`));
  await inOrder([a, b, c]);
  await handleOf(c).dragTo(items.filter({ hasText: a }));
  await inOrder([c, a, b]);
  await handleOf(c).dragTo(items.filter({ hasText: a }));
  await inOrder([a, c, b]);
  // Dropped beside the list it stays where it was.
  await handleOf(a).dragTo(page.getByRole("heading", { name: sale.name, level: 2 }));
  await inOrder([a, c, b]);
  await expect(page.getByText(`${c} is now 2 of 3.`)).toBeAttached();
  await page.getByRole("button", { name: "Save the changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  const saved = await operator.client.sales.byId({ saleId: sale.id });
  expect(saved.items.map(({ name }) => name)).toEqual([a, c, b]);
});

test("a half-planned sale is there again after the session and the browser's page have ended", async ({
  visit,
  product,
  operator,
}) => {
  const page = await visit("/console/sales/new", { as: operator });
  await page.getByRole("button", { name: "Add a new item" }).click();
  await page.getByLabel("Name of the sale").fill("Half planned");
  await form(page).getByRole("textbox", { name: "Name", exact: true }).fill("Lamp");
  await page.context().clearCookies();
  await page.reload();
  await page.getByLabel("E-mail address").fill(operator.email);
  await page.getByLabel("Password").fill(operator.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByText("This is your draft")).toBeVisible();
  await page.close();
  const again = await signInAgain(product.url, operator);
  const later = await visit("/console/sales/new", { as: again, besides: page });
  await expect(later.getByText("This is your draft, as you left it.")).toBeVisible();
  await expect(later.getByLabel("Name of the sale")).toHaveValue("Half planned");
  await expect(form(later).getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Lamp");
  await later.getByRole("button", { name: "Begin anew" }).click();
  await later.reload();
  await expect(later.getByLabel("Name of the sale")).toHaveValue("");
});

test("a change whose answer is lost is saved, and nobody else's", async ({ visit, operator, newSale }) => {
  const in1h = new Date(Date.now() + 3_600_000).toISOString();
  const sale = await newSale({ startsAt: in1h, endsAt: new Date(Date.now() + 7_200_000).toISOString() });
  const page = await visit(`/console/sales/${sale.id}`, { as: operator });
  await form(page).getByLabel("Price, EUR").fill("17.5");
  const lost = await loseNextAnswerOf(page, "**/trpc/sales.update*");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await lost.decided;
  await expect(page.getByText("Saved.")).toBeVisible();
  await expect(page.getByText("This sale was changed meanwhile")).toHaveCount(0);
  await expect(page.getByText("That was not done")).toHaveCount(0);
  lost.open();
  await form(page).getByLabel("Price, EUR").fill("18");
  await page.getByRole("button", { name: "Save the changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  expect((await operator.client.sales.byId({ saleId: sale.id })).items).toMatchObject([{ priceCents: 1_800 }]);
});

test("a draft in two tabs is one draft and one sale, and each copy has its own", async ({
  visit,
  operator,
  newSale,
}) => {
  const page = await visit("/console/sales/new", { as: operator, timezoneId: "UTC" });
  const other = await page.context().newPage();
  await other.goto(page.url());
  const name = `Tabs ${crypto.randomUUID().slice(0, 8)}`;
  const nameIn = (tab: Page) => tab.getByLabel("Name of the sale");
  await nameIn(page).fill(name);
  await expect(nameIn(other)).toHaveValue(name);
  await expect(other.getByText("changed in another tab of yours")).toBeVisible();
  await other.getByLabel("Limit per customer over all items").fill("7");
  await expect(page.getByLabel("Limit per customer over all items")).toHaveValue("7");

  const sale = await newSale();
  const copy = await page.context().newPage();
  await copy.goto(new URL(`?copy=${sale.id}`, page.url()).href);
  await expect(nameIn(copy)).toHaveValue(sale.name);
  await nameIn(copy).fill("A copy");
  await expect(copy.getByText("Your draft is kept in this browser.")).toBeVisible();
  await copy.close();

  await page.getByLabel("Start, UTC").fill("2030-01-02T18:00");
  await page.getByLabel("End, UTC").fill("2030-01-02T20:00");
  await page.getByRole("button", { name: "Add a new item" }).click();
  await form(page).getByRole("textbox", { name: "Name", exact: true }).fill("Lamp");
  await form(page).getByLabel("Price, EUR").fill("10");
  await form(page).getByLabel("Units", { exact: true }).fill("5");
  await expect(form(other).getByLabel("Units", { exact: true })).toHaveValue("5");
  for (const tab of [page, other]) {
    await tab.getByRole("button", { name: "Plan the sale" }).click();
    await expect(tab.getByRole("heading", { name, level: 2 })).toBeVisible();
  }
  expect((await operator.client.sales.overview({ search: name })).items).toHaveLength(1);
});

test("Enter in the search for a product looks for it, and plans nothing", async ({ visit, operator, newProduct }) => {
  const product = await newProduct();
  const page = await visit("/console/sales/new", { as: operator });
  await page.getByLabel("Add a product of the catalogue").fill(product.name);
  await page.getByLabel("Add a product of the catalogue").press("Enter");
  const hit = page.getByRole("button", { name: `Add ${product.name}` });
  await expect(hit).toBeVisible();
  await expect(page.getByText("Please give it a name.")).toHaveCount(0);
});

test("a year that no calendar of the page reaches is refused at its field, and the page goes on", async ({
  visit,
  operator,
  newSale,
}) => {
  const plan = await visit("/console/sales/new", { as: operator, timezoneId: "Europe/Berlin" });
  for (const label of ["Start, Europe/Berlin", "End, Europe/Berlin"]) {
    await plan.getByLabel(label).fill("9999-12-31T23:59");
  }
  await plan.reload();
  await plan.getByRole("button", { name: "Plan the sale" }).click();
  await expect(plan.getByText("Is the year right?")).toHaveCount(2);

  const sale = await newSale();
  const run = await visit(`/console/sales/${sale.id}`, { as: operator, timezoneId: "Europe/Berlin", besides: plan });
  await run.getByRole("button", { name: "Extend" }).click();
  await expect(run.getByLabel(/^New end/)).not.toHaveAttribute("aria-invalid", "true");
  await run.getByLabel(/^New end/).fill("9999-12-31T23:59");
  await expect(run.getByRole("dialog")).toContainText("Is the year right?");
  await run.getByLabel(/^New end/).fill("2099-12-31T23:59");
  await expect(run.getByRole("dialog")).toContainText("Is the year right?");
  await run.goto(new URL("/console/sales/new?copy=abc", run.url()).href);
  await expect(run.getByRole("heading", { name: "Wrong door" })).toBeVisible();
});

test("the list, a sale and its preview in each state are accessible, on a phone too", async ({
  visit,
  operator,
  newSale,
}) => {
  const sale = await newSale({ items: [{}, {}] });
  for (const [width, colorScheme] of [
    [360, "dark"],
    [768, "light"],
    [1440, "dark"],
    [1440, "light"],
  ] as const) {
    const options = width === 360 ? PHONE : { viewport: { width, height: 900 } };
    const page = await visit(`/console/sales?search=${sale.name.slice(5)}`, { as: operator, colorScheme, ...options });
    await page.getByRole("link", { name: sale.name }).waitFor();
    await expectAccessible(page, `list-${width}-${colorScheme}`);
    await page.getByRole("link", { name: sale.name }).click();
    await page.getByRole("heading", { name: "As buyers see it" }).waitFor();
    await expectAccessible(page, `sale-${width}-${colorScheme}`);
    if (width !== 1440) {
      await expectNoSidewaysScroll(page, `sale-scroll-${width}`);
      continue;
    }
    for (const state of ["Scheduled", "Paused", "Sold out", "Ended", "Cancelled"]) {
      await page.getByLabel("When it is").selectOption({ label: state });
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Console");
      await expectAccessible(page, `preview-${state}-${colorScheme}`);
    }
  }
});
