import { expectAccessible } from "./accessible.ts";
import { ItemCard } from "./sale-page.ts";
import { signIn } from "./signed-in.ts";
import { expect, itemOf, test } from "./test.ts";

test("a sale for holders of a code asks for it, says what is wrong, and sells to whoever has entered it", async ({
  operator,
  newSale,
  newBuyer,
  visit,
}) => {
  const sale = await newSale({
    startsAt: new Date(Date.now() + 3_600_000).toISOString(),
    endsAt: IN_A_DAY,
    needsAccessCode: true,
  });
  const { items, id: saleId } = sale;
  await operator.client.sales.addCodes({ saleId, codes: ["Summer-Sun"], usesMax: 2 });
  const startsAt = new Date(Date.now() - 1_000).toISOString();
  await operator.client.sales.update({ saleId, startsAt });
  expect(items).toHaveLength(1);

  const page = await visit(`/sales/${saleId}`, { as: await newBuyer() });
  const card = new ItemCard(page, itemOf(sale));
  await expect(card.card.getByText("Needs an access code")).toBeVisible();
  await expect(card.buy).toBeHidden();
  const field = page.getByLabel("Access code", { exact: true });
  const enter = page.getByRole("button", { name: "Enter", exact: true });
  await enter.click();
  await expect(page.getByText("Please enter the code that you were given.")).toBeVisible();
  await field.fill("winter");
  await enter.click();
  await expect(page.getByText("This is not a code of this sale.")).toBeVisible();
  await expectAccessible(page, "an unknown code");
  await expect(field).toHaveValue("winter");
  await field.fill("summer sun");
  await enter.click();
  await expect(page.getByText("You are in")).toBeVisible();
  await card.buy.click();
  await expect(card.receipt).toBeVisible();
  await page.reload();
  await expect(card.buy).toBeVisible();
  await expect(field).toBeHidden();
});

test("a code in the address is taken out of it, kept while its visitor signs in, and entered once they are back", async ({
  operator,
  newSale,
  newBuyer,
  visit,
}) => {
  const sale = await newSale({
    startsAt: new Date(Date.now() + 3_600_000).toISOString(),
    endsAt: IN_A_DAY,
    needsAccessCode: true,
  });
  await operator.client.sales.addCodes({ saleId: sale.id, codes: ["12345"], usesMax: null });
  await operator.client.sales.update({ saleId: sale.id, startsAt: new Date(Date.now() - 1_000).toISOString() });
  const buyer = await newBuyer();
  const page = await visit(`/sales/${sale.id}?code=12345`);
  await expect(page.getByLabel("Access code", { exact: true })).toHaveValue("12345");
  await expect(page).toHaveURL(new RegExp(`/sales/${sale.id}$`));
  await expectAccessible(page, "a visitor with a code");
  await page.getByRole("button", { name: "Sign in and enter" }).click();
  await signIn(page, buyer);
  await expect(page.getByText("You are in")).toBeVisible();
  await expect(new ItemCard(page, itemOf(sale)).buy).toBeVisible();
});

const IN_A_DAY = new Date(Date.now() + 86_400_000).toISOString();

test("an operator lets only holders of a code buy, adds codes, sees how many they let in, and takes one away", async ({
  operator,
  newSale,
  newBuyer,
  visit,
}) => {
  const sale = await newSale({ startsAt: new Date(Date.now() + 3_600_000).toISOString(), endsAt: IN_A_DAY });
  const page = await visit(`/console/sales/${sale.id}`, { as: operator });
  const panel = page.getByRole("region", { name: "Access codes" });
  await page.getByRole("checkbox", { name: "Only holders of an access code" }).check();
  await page.getByRole("button", { name: "Save the changes" }).click();
  await expect(panel.getByText("This sale has no codes yet")).toBeVisible();
  await panel.getByLabel("Your own codes").fill("ab");
  await panel.getByRole("button", { name: "Add codes" }).click();
  await expect(panel.getByText("A code has at least 4 characters")).toBeVisible();
  await expect(panel.getByLabel("Your own codes")).toHaveValue("ab");
  await panel.getByLabel("Your own codes").fill("summer sun, winter");
  await panel.getByRole("button", { name: "Add codes" }).click();
  await expect(panel.getByText("2 codes were added.")).toBeVisible();
  const { client } = await newBuyer();
  expect(await client.sales.enter({ saleId: sale.id, code: "Winter" })).toMatchObject({ outcome: "admitted" });
  // Without anything being pressed.
  await expect(panel.getByText("1 of 1 let in")).toBeVisible();
  await panel.getByRole("button", { name: "Remove the code SUMMERSUN" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove the code?" });
  await expect(dialog).toContainText("would let in 1 more");
  await dialog.getByRole("button", { name: "Remove", exact: true }).click();
  await expect(panel.getByText("0 of 1 let in, removed")).toBeVisible();
  await expect(dialog).toBeHidden();
  await expectAccessible(page, "codes of a sale");
  const download = page.waitForEvent("download");
  await panel.getByRole("button", { name: "Save all as CSV" }).click();
  expect((await download).suggestedFilename()).toBe(`access-codes-${sale.id}.csv`);
});

test("a sale is planned for holders of a code from the start, and once it runs may only be opened to everybody", async ({
  operator,
  visit,
}) => {
  const page = await visit("/console/sales/new", { as: operator, timezoneId: "UTC" });
  const plan = page.getByRole("form");
  const name = `Members ${crypto.randomUUID().slice(0, 8)}`;
  await page.getByLabel("Name of the sale").fill(name);
  await page.getByLabel("Start, UTC").fill("2026-01-02T18:00");
  await page.getByLabel("End, UTC").fill("2031-01-02T20:00");
  await page.getByRole("button", { name: "Add a new item" }).click();
  await plan.getByRole("textbox", { name: "Name", exact: true }).fill("Lamp");
  await plan.getByLabel("Price, EUR").fill("10");
  await plan.getByLabel("Units", { exact: true }).fill("5");
  const needsCode = page.getByRole("checkbox", { name: "Only holders of an access code" });
  await needsCode.check();
  await page.reload();
  await expect(needsCode).toBeChecked();
  await page.getByRole("button", { name: "Open the sale now" }).click();
  await expect(page.getByText("Only those who have entered a code of this sale can buy.")).toBeVisible();
  await expect(page.getByText("This sale has no codes yet")).toBeVisible();
  const [planned] = (await operator.client.sales.overview({ search: name })).items;
  const saleId = planned?.id ?? 0;
  expect(await operator.client.sales.byId({ saleId })).toMatchObject({ status: "live", needsAccessCode: true });

  await expect(page.getByText("it may only be opened to everybody")).toBeVisible();
  await expect(needsCode).toBeDisabled();
  await page.getByRole("button", { name: "Open it to everybody" }).click();
  const dialog = page.getByRole("dialog", { name: "Open the sale to everybody?" });
  await expect(dialog).toContainText("the 5 units that are left");
  await dialog.getByRole("button", { name: "Open it to everybody" }).click();
  await expect(page.getByText("Everybody can buy")).toBeVisible();
  expect(await operator.client.sales.byId({ saleId })).toMatchObject({ needsAccessCode: false });
  await expect(needsCode).toBeDisabled();
});
