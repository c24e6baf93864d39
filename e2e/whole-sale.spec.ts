import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { createDoorbusterClient } from "../client/sdk/index.ts";
import { openStore } from "./store.ts";
import { expect, itemOf, test } from "./test.ts";

const BUYERS = 300;
const UNITS = 120;

test("two operators plan, rehearse, run, answer for, refund, export and prove a sale, in the console alone", async ({
  product: shop,
  visit,
  operator,
  newBuyer,
  newProduct,
}) => {
  test.slow();
  const lamp = await newProduct({ units: UNITS, priceCents: 4_900 });
  const colleague = await newBuyer(0);
  await operator.client.users.setRole({
    userId: colleague.userId,
    role: "operator",
    mayMoveMoney: true,
    reason: "Helps on Friday",
  });
  const [first, second] = [await visit("/console", { as: operator }), await visit("/console", { as: colleague })];

  // Plan.
  const name = `Friday ${crypto.randomUUID().slice(0, 8)}`;
  await goTo(first, "Sales");
  await first.getByRole("link", { name: "Plan a sale" }).click();
  await first.getByLabel("Name of the sale").fill(name);
  const [start, end] = [localTime(-60_000), localTime(3_600_000)];
  await first.getByLabel(/^Start/).fill(start);
  await first.getByLabel(/^End/).fill(end);
  await first.getByLabel("Add a product of the catalogue").fill(lamp.name);
  await first.getByRole("button", { name: `Add ${lamp.name}` }).click();
  await first.getByLabel("Price, EUR").fill("19.90");
  await first.getByLabel("Units").fill(String(UNITS));
  await first.getByRole("button", { name: "Open the sale now" }).click();
  await expect(first).toHaveURL(/\/console\/sales\/\d+$/);
  const [planned] = (await operator.client.sales.overview({ search: name })).items;
  const sale = await operator.client.sales.byId({ saleId: planned?.id ?? 0 });
  const item = itemOf(sale);

  // Rehearse: nothing of the real sale is touched.
  await goTo(first, "Rehearsals");
  await first.getByLabel("Sale", { exact: true }).selectOption({ label: `${name} (${UNITS} units)` });
  await first.getByLabel("Buyers").fill("150");
  await first.getByLabel("Within, seconds").fill("2");
  await first.getByLabel(/^Measure what this machine can carry/).uncheck();
  await first.getByLabel(/^Rehearse even while/).check();
  await first.getByRole("button", { name: "Rehearse", exact: true }).click();
  await expect(first.getByText("Went well").first()).toBeVisible({ timeout: 120_000 });
  await expect(first.getByText(/nobody was charged twice/).first()).toBeVisible();
  expect(itemOf(await operator.client.sales.byId({ saleId: sale.id })).remaining).toBe(UNITS);

  // Run: 300 buyers, each of whom clicks twice; the colleague watches, pauses and goes on in between.
  await second.goto(`/console/sales/${sale.id}/live`);
  const buyers = (await shop.cli("tokens", "--count", String(BUYERS))).map((line) => {
    const [userId = "", token = ""] = line.split(" ");
    return { userId, client: createDoorbusterClient({ url: shop.url, token }) };
  });
  const buy = ({ client }: (typeof buyers)[number]) => {
    const wish = { itemId: item.id, idempotencyKey: crypto.randomUUID() };
    return Promise.all([client.purchases.buy(wish), client.purchases.buy(wish)]);
  };
  const early = await Promise.all(buyers.slice(0, 50).map(buy));
  await second.goto(`/console/sales/${sale.id}`);
  await second.getByRole("button", { name: "Pause" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "Pause" }).click();
  await expect(second.getByRole("button", { name: "Go on" })).toBeVisible();
  const [paused] = await buy(buyers[50] ?? never());
  expect(paused).toMatchObject({ outcome: "refused", code: "SALE_PAUSED" });
  await second.getByRole("button", { name: "Go on" }).click();
  await second.getByRole("dialog").getByRole("button", { name: "Go on" }).click();
  await expect(second.getByRole("button", { name: "Pause" })).toBeVisible();
  const rest = await Promise.all(buyers.slice(50).map(buy));
  const bought = [...early, ...rest].filter(([one]) => one.outcome === "purchased");
  for (const [one, other] of [...early, ...rest]) expect({ ...one, replayed: 0 }).toEqual({ ...other, replayed: 0 });
  expect(bought).toHaveLength(UNITS);
  await second.goto(`/console/sales/${sale.id}/live`);
  await expect(second.getByRole("table", { name: "Items" })).toContainText(lamp.name);
  await expect(second.getByText(/^0 left/)).toBeVisible();

  // Complain: "I was charged twice".
  const index = early.findIndex(([one]) => one.outcome === "purchased");
  const [purchase] = early[index] ?? never();
  const complainer = buyers[index] ?? never();
  if (purchase.outcome !== "purchased") throw never();
  await goTo(second, "Record");
  await second.getByRole("textbox", { name: /^Explain one/ }).fill(purchase.purchaseId);
  await second.getByRole("button", { name: "Explain" }).click();
  await expect(second.getByText(/Charged once/).first()).toBeVisible();

  // Refund.
  await first.goto(`/console/people?user=${complainer.userId}`);
  await first.getByRole("button", { name: `Refund ${item.name}`, exact: false }).click();
  const dialog = first.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("A gesture");
  await dialog.getByRole("button", { name: "Refund" }).click();
  await expect(first.getByText("Refunded", { exact: true })).toBeVisible();
  expect((await complainer.client.wallets.mine()).balanceCents).toBe(1_000_000);

  // Export: each decision once, though each was asked for twice.
  await goTo(first, "Record");
  await first.getByLabel("Sale", { exact: true }).selectOption(String(sale.id));
  const downloading = first.waitForEvent("download");
  await first.getByRole("link", { name: "Attempts as CSV" }).click();
  const lines = (await readFile(await (await downloading).path(), "utf8")).split("\r\n");
  expect(lines.filter((line) => line.includes(`,${item.id},`) || line.includes(lamp.name))).toHaveLength(BUYERS + 1);

  // Prove.
  await using store = await openStore(shop);
  await store.seal();
  await goTo(first, "Proof");
  await first.getByRole("button", { name: "Check everything again" }).click();
  await expect(first.getByRole("region", { name: "Everything" })).toContainText(/Adds up\s*(now|\d+ sec ago)/);
  const chain = first.getByRole("region", { name: "Tamper-evident chain" });
  await chain.getByRole("button", { name: "Verify now" }).click();
  await expect(chain.getByText("As it was sealed", { exact: true })).toBeVisible();
});

async function goTo(page: Page, part: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Where to, or what to look for" }).fill(part);
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle(new RegExp(`^${part} · Console`));
}

/** As the field of a form takes it, in UTC, which is the browser's zone here. */
function localTime(fromNowMs: number): string {
  return new Date(Date.now() + fromNowMs).toISOString().slice(0, 16);
}

function never(): never {
  throw new Error("Nobody bought");
}
