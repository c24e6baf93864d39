import { momentWords } from "../client/web/app/moment-words.ts";
import { expectAccessible } from "./accessible.ts";
import { BasketPage, fillBasket } from "./basket-page.ts";
import { expect, itemOf, test } from "./test.ts";

test("a purchase has a receipt at an address of its own, which survives a reload and prints on white", async ({
  openSale,
}) => {
  const { buyer, page, buy, receipt } = await openSale(
    { items: [{ name: "Brass lamp" }] },
    { balanceCents: 10_000, colorScheme: "dark", timezoneId: "Asia/Kolkata" },
  );
  await buy.click();
  await expect(receipt).toContainText("Brass lamp");
  const [purchase] = (await buyer.client.purchases.mine()).items;
  if (!purchase) throw new Error("There is no purchase");
  // What the list says of it, on the card already.
  const date = momentWords(purchase.purchasedAt, { timeZone: "Asia/Kolkata" });
  await expect(receipt).toContainText(date);
  await expect(receipt).toContainText(`Purchase ${purchase.purchaseId}`);
  await receipt.getByRole("link", { name: "Receipt" }).click();
  await expect(page).toHaveURL(`/purchases/${purchase.purchaseId}`);
  const paper = page.getByRole("article", { name: "Receipt" });
  const facts = [
    `Purchase ${purchase.purchaseId}`,
    "Brass lamp",
    "1 × €19.99",
    "Buyer number 1",
    "€80.01",
    // Paper is kept: its date says of which year it is.
    ` ${purchase.purchasedAt.slice(0, 4)}, `,
    "GMT+5:30",
    "Doorbuster, 127.0.0.1",
    buyer.email,
  ];
  for (const fact of facts) await expect(paper).toContainText(fact);
  await expectAccessible(page, "receipt-dark");
  await page.reload();
  for (const fact of facts) await expect(paper).toContainText(fact);

  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.getByRole("banner")).toBeHidden();
  await expect(page.getByRole("button", { name: "Print" })).toBeHidden();
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe(
    "rgb(255, 255, 255)",
  );
  expect(await paper.evaluate((element) => getComputedStyle(element).color)).toBe("rgb(18, 20, 19)");
  await page.pdf({ path: test.info().outputPath("receipt.pdf"), format: "A4" });
  await page.screenshot({ path: test.info().outputPath("printed.png"), fullPage: true });
});

test("purchases and orders are one list, newest first, in which each leads to its receipt", async ({
  visit,
  newSale,
  newProduct,
  newBuyer,
}) => {
  const sale = await newSale({ items: [{ name: "Brass lamp" }] });
  const [stool, shelf] = [await newProduct({ name: `Stool ${crypto.randomUUID()}` }), await newProduct()];
  const buyer = await newBuyer(10_000_000);
  const buy = () => buyer.client.purchases.buy({ itemId: itemOf(sale).id });
  const order = () => buyer.client.orders.place({ lines: [{ productId: shelf.id, quantity: 1 }] });
  for (let count = 0; count < 12; count++) await buy();
  for (let count = 0; count < 3; count++) await order();
  await buy();
  const page = await visit("/catalogue", { as: buyer });
  await fillBasket(page, stool, 2);
  await fillBasket(page, shelf);
  await page.goto("/basket");
  const basket = new BasketPage(page);
  await basket.pay.click();
  await expect(basket.receipt).toBeVisible();
  const [placed] = (await buyer.client.orders.mine()).items;
  if (!placed) throw new Error("There is no order");
  await expect(basket.receipt).toContainText(momentWords(placed.placedAt, { timeZone: "UTC" }));
  await basket.receipt.getByRole("link", { name: "Your purchases" }).click();

  const entries = page.getByRole("list", { name: "Purchases" }).getByRole("listitem");
  await expect(entries.first()).toContainText(`2 × ${stool.name}, ${shelf.name}`);
  const kinds = async () =>
    (await entries.allTextContents()).map((text) => (text.includes("Buyer number") ? "purchase" : "order")).join(" ");
  await expect(entries).not.toHaveCount(0);
  expect(await kinds()).toMatch(/^order purchase order order order( purchase){9}$/);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(entries).toHaveCount(17);
  expect(await kinds()).toMatch(/^order purchase order order order( purchase){12}$/);

  const kind = page.getByRole("navigation", { name: "What you bought" });
  await kind.getByRole("link", { name: "Orders" }).click();
  await expect(entries).toHaveCount(4);
  await kind.getByRole("link", { name: "From sales" }).click();
  await expect(entries).toHaveCount(13);
  await page.goto("/orders");
  await expect(page).toHaveURL("/purchases?show=orders");
  await expect(entries).toHaveCount(4);

  await entries.first().getByRole("link").click();
  const paper = page.getByRole("article", { name: "Receipt" });
  await expect(paper).toContainText(`${stool.name}2 × €25.00`);
  await expect(page).toHaveURL(/\/purchases\/order-\d+$/);
  await page.reload();
  await expect(paper.getByRole("list", { name: "Products" }).getByRole("listitem")).toHaveCount(2);
  await expect(page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Purchases" })).toHaveAttribute(
    "aria-current",
    "page",
  );
});

test.describe("of somebody else", () => {
  test.use({ expectedConsoleErrors: /Failed to load resource: .* status of 40[04]/ });

  test("a receipt is not there", async ({ visit, newSale, newProduct, newBuyer }) => {
    const sale = await newSale();
    const product = await newProduct();
    const [buyer, other] = [await newBuyer(), await newBuyer()];
    const bought = await buyer.client.purchases.buy({ itemId: itemOf(sale).id });
    const placed = await buyer.client.orders.place({ lines: [{ productId: product.id, quantity: 1 }] });
    if (bought.outcome !== "purchased" || placed.outcome !== "placed") throw new Error("Nothing was bought");
    const page = await visit("/", { as: other });
    for (const id of [bought.purchaseId, `order-${placed.order.orderId}`, "order-x", "nonsense"]) {
      await page.goto(`/purchases/${id}`);
      await expect(page.getByText("You have no receipt at this address.")).toBeVisible();
    }
    const visitor = await visit(`/purchases/${bought.purchaseId}`);
    await expect(visitor.getByText("Sign in to see this receipt.")).toBeVisible();
  });
});
