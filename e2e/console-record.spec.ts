import { readFile } from "node:fs/promises";
import { expectAccessible, expectNoSidewaysScroll } from "./accessible.ts";
import { expect, itemOf, test } from "./test.ts";

test('"I was charged twice": the page says which two keys were charged, when, and what came of each', async ({
  visit,
  operator,
  newBuyer,
  newSale,
}) => {
  const [sale, buyer] = [await newSale(), await newBuyer(10_000)];
  const { id: itemId, name } = itemOf(sale);
  const [first = "", second = ""] = [crypto.randomUUID(), crypto.randomUUID()];
  for (const idempotencyKey of [first, first, second]) await buyer.client.purchases.buy({ itemId, idempotencyKey });

  const page = await visit("/console/record", { as: operator });
  await page.getByRole("searchbox", { name: "Person" }).fill(buyer.email);
  await page.getByRole("list", { name: "People found" }).getByRole("button").click();
  const rows = page.getByRole("table", { name: "Attempts" }).getByRole("row");
  // With the row of titles: a request that was repeated is none of its own.
  await expect(rows).toHaveCount(3);
  await expect(page).toHaveURL(new RegExp(`userId=${buyer.userId}`));
  await expectAccessible(page, "attempts");
  await expectNoSidewaysScroll(page, "attempts-width");

  await page.getByRole("textbox", { name: "Explain one" }).fill(first);
  await page.getByRole("button", { name: "Explain", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Charged once");
  await expect(page.getByRole("alert")).toContainText("€19.99 on");
  await expect(page.getByRole("alert")).toContainText(`besides under one other key: €19.99 for 1 × ${name}.`);
  const steps = page.getByRole("list", { name: "What happened" }).getByRole("listitem");
  await expect(steps.filter({ hasText: `Bought 1 × ${name}, number 1` })).toHaveCount(1);
  await expect(steps.filter({ hasText: "Charged €19.99" })).toContainText("Balance before €100.00, after €80.01");
  const others = page.getByRole("list", { name: /same buyer/ }).getByRole("listitem");
  await expect(others).toHaveCount(1);
  await expect(others).toContainText(second);
  await expectAccessible(page, "path");
  await expectNoSidewaysScroll(page, "path-width");

  const { items } = await operator.client.purchases.list({ userId: buyer.userId, idempotencyKey: second });
  await operator.client.purchases.refund({ purchaseId: items[0]?.purchaseId ?? "", reason: "Bought twice" });
  await others.getByRole("link").click();
  await expect(page.getByText("Charged once, and given back")).toBeVisible();
  await expect(steps.filter({ hasText: "Gave back €19.99" })).toContainText("Bought twice");
  await expect(steps.filter({ hasText: "Gave back €19.99" })).toContainText(/by \S/);
  await page.goBack();
  await expect(page.getByText("What was charged under one other key was given back.")).toBeVisible();
});

test("what is filtered is what is in the file", async ({ visit, operator, newBuyer, newSale }) => {
  const [sale, buyer, other] = [
    await newSale({ items: [{ stock: 1 }] }),
    await newBuyer(10_000),
    await newBuyer(10_000),
  ];
  const { id: itemId } = itemOf(sale);
  for (const { client } of [buyer, other]) await client.purchases.buy({ itemId });

  const page = await visit("/console/record", { as: operator });
  await page.getByRole("combobox", { name: "Sale" }).selectOption(String(sale.id));
  const rows = page.getByRole("table", { name: "Attempts" }).getByRole("row");
  await expect(rows).toHaveCount(3);
  await page.getByRole("combobox", { name: "Outcome" }).selectOption({ label: "Sold out" });
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText(other.email);

  await page.getByRole("checkbox", { name: "for Excel" }).check();
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "Attempts as CSV" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^doorbuster-attempts-\d{4}-\d\d-\d\d\.csv$/);
  const file = await readFile(await download.path(), "utf8");
  const lines = file.split("\r\n");
  expect(lines[0]).toMatch(/^\uFEFFattempt_id,decided_at,outcome,/);
  expect(lines[1]).toContain(`OUT_OF_STOCK,`);
  expect(lines[1]).toContain(other.userId);
  expect(lines.slice(2)).toEqual(["# complete: 1 rows", ""]);
});

test("the summary of a sale says what it sold and what came back, on the page and in its file", async ({
  visit,
  operator,
  newBuyer,
  newSale,
}) => {
  const [sale, buyer] = [await newSale(), await newBuyer(10_000)];
  const { id: itemId, name } = itemOf(sale);
  for (const quantity of [1, 2]) await buyer.client.purchases.buy({ itemId, quantity });
  const { items } = await buyer.client.purchases.mine();
  await operator.client.purchases.refund({ purchaseId: items.at(-1)?.purchaseId ?? "" });

  const page = await visit("/console/record", { as: operator });
  await page.getByRole("link", { name: "Summary" }).click();
  // Whoever it is sent to is in another time zone, perhaps, and opens it next month.
  await expect(page).toHaveURL(/first=\d{4}-\d\d-01&last=\d{4}-\d\d-\d\d&zone=\w/);
  const ofSale = page.getByRole("table", { name: "By sale" }).getByRole("row").filter({ hasText: sale.name });
  await expect(ofSale.getByRole("cell")).toHaveText(["3", "€59.97", "1", "€19.99", "€39.98"]);
  await expect(page.getByRole("table", { name: "By day" })).toContainText("Credits");
  await page.getByRole("combobox", { name: "Sale" }).selectOption(String(sale.id));
  // Nothing that belongs to no sale.
  await expect(page.getByRole("table", { name: "By sale" })).toHaveCount(0);
  await expect(page.getByRole("table", { name: "By day" })).not.toContainText("Credits");
  const row = page.getByRole("table", { name: "By item and product" }).getByRole("row").filter({ hasText: name });
  // Sold, revenue, back, refunds, net.
  await expect(row.getByRole("cell")).toHaveText(["3", "€59.97", "1", "€19.99", "€39.98"]);
  await expectAccessible(page, "summary");
  await expectNoSidewaysScroll(page, "summary-width");
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "By day as CSV" }).click();
  const file = await readFile(await (await downloading).path(), "utf8");
  expect(file).toContain(",2,3,59.97,5997,1,1,19.99,1999,39.98,3998,");

  // On A4 between its margins it is a table too, and says of when it is.
  await page.setViewportSize({ width: 673, height: 951 });
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("columnheader", { name: "Revenue" }).first()).toBeVisible();
  await expect(page.getByText(/printed \d+ \w+ \d{4}, /)).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Console" })).toBeHidden();
  await expectNoSidewaysScroll(page, "summary-printed");
});

test.describe("where nothing is known of a number", () => {
  test.use({ expectedConsoleErrors: /status of 404/ });

  test("every list of the record says what is in it, also that it is empty, and of a number nothing but that it is of no order", async ({
    visit,
    operator,
    newBuyer,
    newProduct,
  }) => {
    const [product, buyer] = [await newProduct({ priceCents: 500 }), await newBuyer(1_000)];
    const placed = await buyer.client.orders.place({ lines: [{ productId: product.id, quantity: 1 }] });
    if (placed.outcome !== "placed") throw new Error("it was refused");
    const { orderId } = placed.order;
    const page = await visit(`/console/record?userId=${buyer.userId}`, { as: operator });
    await expect(page.getByText("Nothing is like that.")).toBeVisible();
    const lists = page.getByRole("navigation", { name: "Lists of the record" });
    await lists.getByRole("link", { name: "Orders" }).click();
    await expect(page.getByRole("table", { name: "Orders" }).getByRole("row")).toContainText([
      "Status",
      `Order ${orderId}`,
    ]);
    await lists.getByRole("link", { name: "Refunds" }).click();
    await expect(page.getByText("Nothing is like that.")).toBeVisible();
    await lists.getByRole("link", { name: "Credits" }).click();
    await expect(page.getByRole("table", { name: "Credits" })).toContainText("Test money");
    await lists.getByRole("link", { name: "Changes" }).click();
    await page.getByRole("combobox", { name: "What" }).selectOption("orders.place");
    await expect(page.getByRole("table", { name: "Changes" })).toContainText(`order:${orderId}`);
    await expectAccessible(page, "changes");

    await page.getByRole("textbox", { name: "Explain one" }).fill("99999999");
    await page.getByRole("button", { name: "Explain", exact: true }).click();
    await expect(page.getByText("There is no order 99999999.")).toBeVisible();
    await expect(page.getByText("Not charged")).toHaveCount(0);
    await expect(page.getByRole("alert")).toHaveCount(0);
    await page.goBack();
    await page.getByRole("textbox", { name: "Explain one" }).fill(`Order ${orderId}`);
    await page.getByRole("textbox", { name: "Explain one" }).press("Enter");
    await expect(page.getByRole("list", { name: "What happened" })).toContainText(`Ordered: 1 × ${product.name}`);
  });
});
