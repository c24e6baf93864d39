import { verify } from "node:crypto";
import { readFile } from "node:fs/promises";
import { expectAccessible, expectNoSidewaysScroll } from "./accessible.ts";
import { openStore } from "./store.ts";
import { expect, itemOf, test } from "./test.ts";

test("an operator has everything proved, finds a row that was changed behind the shop's back, and keeps the result", async ({
  product: shop,
  visit,
  operator,
  newSale,
  newBuyer,
}) => {
  const [item, buyer] = [itemOf(await newSale()), await newBuyer(10_000)];
  await buyer.client.purchases.buy({ itemId: item.id });
  await using store = await openStore(shop);
  await store.seal();

  const page = await visit("/console/tasks", { as: operator });
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "Proof" }).click();
  await page.getByRole("button", { name: "Check everything again" }).click();
  const stock = page
    .getByRole("table", { name: "Checks" })
    .getByRole("row")
    .filter({ hasText: "allotted = remaining" });
  await expect(stock).toContainText(/Holds.*checked\)/);
  await expect(page.getByRole("region", { name: "Everything" })).toContainText(/Adds up\s*(now|\d+ sec ago)/);
  // On paper it says when: nobody knows when that is read.
  const ago = page.getByRole("region", { name: "Everything" }).locator("time").first();
  await page.emulateMedia({ media: "print" });
  await expect(ago.locator("span")).toBeHidden();
  expect(await ago.evaluate((element) => getComputedStyle(element, "::before").content)).toMatch(/\d+ \w+ \d{4}, /);
  await page.emulateMedia({ media: "screen" });

  const chain = page.getByRole("region", { name: "Tamper-evident chain" });
  const head = chain.getByRole("row").filter({ hasText: `Item ${item.id} of` });
  await expect(head).toContainText(/[\da-f]{64}/);
  const verifyNow = chain.getByRole("button", { name: "Verify now" });
  await verifyNow.click();
  await expect(chain.getByText("As it was sealed", { exact: true })).toBeVisible();
  await store.changeAmount(buyer.userId, -1);
  await verifyNow.click();
  await expect(chain.getByText("Not as it was sealed")).toBeVisible();
  await expect(chain).toContainText(/The row \S{36} of purchase_attempts was changed/);
  await store.changeAmount(buyer.userId, 1);
  await verifyNow.click();
  await expect(chain.getByText("As it was sealed", { exact: true })).toBeVisible();

  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Save as signed JSON" }).click();
  const file = await (await downloading).path();
  const { proof, signature, publicKey } = JSON.parse(await readFile(file, "utf8"));
  expect(proof).toMatchObject({ reconcile: { ok: true }, chain: { ok: true } });
  expect(proof.heads.map(({ chain }: { chain: string }) => chain)).toContain(`item:${item.id}`);
  const bytes = Buffer.from(JSON.stringify(proof, (_name, value) => sorted(value)));
  expect(verify(null, bytes, publicKey, Buffer.from(signature, "base64"))).toBe(true);
  await expect(page.locator("pre")).toHaveText(publicKey.trim());
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const width of [360, 768, 1440]) {
    test(`the proof is accessible and fits, ${colorScheme} at ${width}`, async ({
      visit,
      operator,
      newSale,
      product,
    }) => {
      await newSale();
      await using store = await openStore(product);
      await store.seal();
      const page = await visit("/console/proof", { as: operator, colorScheme, viewport: { width, height: 900 } });
      await expect(page.getByRole("table", { name: "Heads" })).toBeVisible();
      await expectAccessible(page, `proof-${colorScheme}-${width}`);
      await expectNoSidewaysScroll(page, `proof-width-${width}`);
    });
  }
}

/** As docs/chain.md says. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
