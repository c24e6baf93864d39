import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScroll, tabTo } from "./accessible.ts";
import type { Account } from "./accounts.ts";
import { expect, itemOf, test } from "./test.ts";

/** The focus has somewhere to go on from. */
const hasFocus = (page: Page) => () => page.evaluate(() => document.activeElement?.tagName !== "BODY");

test('"I was charged twice": the operator finds who, sees each intent, and gives one back with a reason', async ({
  visit,
  operator,
  newBuyer,
  newSale,
  newProduct,
}) => {
  const [sale, product, buyer] = [await newSale(), await newProduct({ priceCents: 500 }), await newBuyer(10_000)];
  const { id: itemId, name } = itemOf(sale);
  const keys = [crypto.randomUUID(), crypto.randomUUID()];
  for (const idempotencyKey of keys) await buyer.client.purchases.buy({ itemId, idempotencyKey });
  // Sent again, as a page does that heard no answer: no third.
  await buyer.client.purchases.buy({ itemId, idempotencyKey: keys[1] });
  await buyer.client.orders.place({ lines: [{ productId: product.id, quantity: 1 }] });

  const page = await visit("/console/tasks", { as: operator });
  await page.getByRole("navigation", { name: "Console" }).getByRole("link", { name: "People" }).click();
  await page.getByRole("searchbox", { name: /^Name, address/ }).fill(buyer.email.slice(0, 13).toUpperCase());
  const people = page.getByRole("list", { name: "People" }).getByRole("listitem");
  await expect(people).toHaveCount(1);
  await people.getByRole("link").click();
  await expect(page.getByRole("heading", { name: /^Buyer / })).toBeFocused();

  const purchases = page.getByRole("list", { name: "Purchases" }).getByRole("listitem");
  await expect(purchases).toHaveCount(2);
  await expect(purchases.nth(0)).toContainText(keys[1] ?? "");
  await expect(purchases.nth(1)).toContainText(keys[0] ?? "");
  const movements = page.getByRole("table", { name: "Movements" }).getByRole("row");
  await expect(movements.filter({ hasText: "Purchase" })).toHaveCount(2);
  await expect(movements.filter({ hasText: "Order" })).toContainText("€55.02");

  await purchases
    .nth(0)
    .getByRole("button", { name: `Refund ${name}` })
    .click();
  const dialog = page.getByRole("dialog");
  const [latest] = (await buyer.client.purchases.mine()).items;
  for (const fact of [name, `Purchase ${latest?.purchaseId}, bought by Buyer`])
    await expect(dialog).toContainText(fact);
  // Whatever the worker has done by now, it is known.
  await expect(dialog).toContainText(/Its dispatch has (not )?begun:|It is dispatched already:/);
  await dialog.getByRole("button", { name: "Refund" }).click();
  await expect(dialog.getByText("Please say why.")).toBeVisible();
  await dialog.getByLabel("Reason").fill("You meant to buy one");
  await dialog.getByRole("button", { name: "Refund" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("status").filter({ hasText: "€19.99 are back in the wallet" })).toBeVisible();
  await expect.poll(hasFocus(page)).toBe(true);
  await expect(purchases.nth(0)).toContainText("Refunded");
  await expect(purchases.nth(0)).toContainText("You meant to buy one");
  await expect(purchases.nth(0).getByRole("button")).toHaveCount(0);
  await expect(purchases.nth(1).getByRole("button")).toHaveCount(1);
  await expect(page.getByRole("region", { name: "Account", exact: true })).toContainText("€75.01");

  const own = await visit("/purchases", { as: buyer });
  await expect(own.getByText("You meant to buy one")).toBeVisible();
  await purchases.nth(0).getByRole("link", { name: "What became of it" }).click();
  await expect(page.getByText("Charged once, and given back")).toBeVisible();
  const { items } = await operator.client.audit.list({ actorId: operator.userId, action: "purchases.refund" });
  expect(items[0]?.details).toMatchObject({ reason: "You meant to buy one", userId: buyer.userId });
});

test("an order is given back with a reason, and an account closed and opened again with one", async ({
  visit,
  operator,
  newBuyer,
  newProduct,
}) => {
  const [product, buyer] = [await newProduct({ priceCents: 500 }), await newBuyer(1_000)];
  await buyer.client.orders.place({ lines: [{ productId: product.id, quantity: 1 }] });
  const page = await visit(`/console/people?user=${buyer.userId}`, { as: operator });
  await page.getByRole("button", { name: /^Refund \d × .*, Order \d+$/ }).click();
  await expect(page.getByRole("dialog")).toContainText(`1 × ${product.name}`);
  await expect(page.getByRole("dialog")).toContainText(/Order \d+, bought by Buyer/);
  await giveReason(page, "It was broken", "Refund");
  const orders = page.getByRole("list", { name: "Orders" });
  await expect(orders).toContainText("It was broken");

  await page.getByRole("button", { name: "Deactivate" }).click();
  await giveReason(page, "Resells", "Deactivate");
  const account = page.getByRole("region", { name: "Account", exact: true });
  await expect(account).toContainText("The account is deactivated.");
  await expect.poll(hasFocus(page)).toBe(true);
  await expect(buyer.client.wallets.mine()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await page.getByRole("button", { name: "Activate", exact: true }).click();
  await giveReason(page, "It was another", "Activate");
  await expect(account).toContainText("The account is active again.");
  const record = page.getByRole("list", { name: "Record" }).getByRole("listitem");
  await expect(record.first()).toContainText("It was another");
  await expect(record.filter({ hasText: "Deactivated" })).toContainText("Resells");
});

/** Done, and not heard of. */
async function loseAnswers(page: Page, procedure: string): Promise<void> {
  await page.route(`**/trpc/${procedure}`, async (route) => {
    await route.fetch();
    await route.abort();
  });
}

async function giveReason(page: Page, reason: string, words: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill(reason);
  await dialog.getByRole("button", { name: words }).click();
  await expect(dialog).toHaveCount(0);
}

test.describe("money and rights", () => {
  // The answer that is lost on purpose, and those to a tab whose session was ended.
  test.use({
    expectedConsoleErrors: /Failed to load resource: (net::ERR_FAILED|the server responded with a status of 401)/,
  });

  test("a credit whose answer is lost is made once, and a role, its money right and sessions are given and taken", async ({
    visit,
    operator,
    newBuyer,
  }) => {
    test.slow();
    const buyer = await newBuyer(1_000);
    const page = await visit(`/console/people?user=${buyer.userId}`, { as: operator });
    const account = page.getByRole("region", { name: "Account", exact: true });
    await page.getByRole("button", { name: "Credit" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Credit" }).click();
    await expect(dialog.getByText("Please say why.")).toBeVisible();
    await dialog.getByLabel("Amount, EUR").fill("12.50");
    await dialog.getByLabel("Reason").fill("Sorry for the wait");
    await loseAnswers(page, "wallets.credit");
    await page.reload();
    await expect(dialog.getByLabel("Amount, EUR")).toHaveValue("12.50");
    await dialog.getByRole("button", { name: "Credit €12.50" }).click();
    await expect.poll(async () => (await buyer.client.wallets.mine()).balanceCents).toBe(2_250);
    const besides = await visit(`/console/people?user=${buyer.userId}`, { besides: page });
    await expect(besides.getByRole("dialog")).toContainText("It is not known whether this was done");
    await besides.close();
    await page.reload();
    await expect(dialog).toContainText("It is not known whether this was done");
    await page.unroute("**/trpc/wallets.credit");
    await dialog.getByRole("button", { name: "Send it again" }).click();
    await expect(account.getByRole("status")).toContainText("€12.50 are in the wallet, which holds €22.50 now.");
    expect((await buyer.client.wallets.mine()).balanceCents).toBe(2_250);

    const act = async (words: string, reason: string) => {
      await page.getByRole("button", { name: words, exact: true }).click();
      await giveReason(page, reason, words);
    };
    await act("Make an operator", "Helps out");
    await expect(account).toContainText("They are an operator.");
    await expect(buyer.client.users.list()).resolves.toMatchObject({ items: expect.any(Array) });
    const credit = { userId: buyer.userId, amountCents: 1, reason: "a try" };
    await expect(buyer.client.wallets.credit(credit)).rejects.toMatchObject({ code: "FORBIDDEN" });
    await act("Let them move money", "Does the refunds");
    await expect(account).toContainText("Operator, may move money");
    await act("Make an auditor", "Looks after the books");
    await expect(account).toContainText("They are an auditor.");
    await expect(buyer.client.sales.pause({ saleId: 1 })).rejects.toMatchObject({ code: "FORBIDDEN" });

    const sees = await visit(`/console/people?user=${operator.userId}`, { as: buyer });
    await expect(sees.getByText("You are an auditor")).toBeVisible();
    await expect(sees.getByRole("list", { name: "Sessions" })).toBeVisible();
    for (const words of ["Deactivate", "Credit", "Sign out everywhere"])
      await expect(sees.getByRole("button", { name: words, exact: true })).toHaveCount(0);
    // Whoever may make nothing is shown no form for it, whatever stands in the address.
    for (const opened of ["product=new", "family=new"]) {
      await sees.goto(`/console/products?${opened}`);
      await expect(sees.getByRole("region", { name: "Families" })).toBeVisible();
      await expect(sees.getByRole("dialog")).toHaveCount(0);
    }

    await expect(page.getByRole("list", { name: "Sessions" }).getByRole("listitem")).toHaveCount(1);
    await act("Sign out everywhere", "Lost a phone");
    await expect(account).toContainText("One session has ended.");
    await expect(buyer.client.wallets.mine()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await act("Take the role away", "Has left");
    const record = page.getByRole("list", { name: "Record" }).getByRole("listitem");
    await expect(record.filter({ hasText: "Signed out everywhere" })).toContainText("Lost a phone");
    await expect(record.filter({ hasText: "Given the role buyer" })).toContainText("Has left");

    await page.goto(`/console/people?user=${operator.userId}`);
    await expect(page.getByText("Your own role is another operator’s to change.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Credit" })).toHaveCount(0);
  });

  test("a refund whose answer is lost is known as one's own, also after a reload, and by name to others", async ({
    visit,
    operator,
    newBuyer,
    newSale,
  }) => {
    const [sale, buyer] = [await newSale(), await newBuyer(10_000)];
    await buyer.client.purchases.buy({ itemId: itemOf(sale).id });
    const page = await visit(`/console/people?user=${buyer.userId}`, { as: operator });
    await page.getByRole("button", { name: "Refund" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("It was broken");
    await loseAnswers(page, "purchases.refund");
    await dialog.getByRole("button", { name: "Refund" }).click();
    await expect.poll(async () => (await buyer.client.wallets.mine()).balanceCents).toBe(10_000);
    await page.reload();
    await expect(dialog).toContainText("The answer to your try was lost");
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    const { name } = await operator.client.users.byId({ userId: operator.userId });
    await expect(page.getByRole("list", { name: "Purchases" })).toContainText(`by ${name}`);
  });
});

test("somebody is found and refunded without a mouse", async ({ visit, operator, newBuyer, newSale }) => {
  const [sale, buyer] = [await newSale(), await newBuyer()];
  await buyer.client.purchases.buy({ itemId: itemOf(sale).id });
  const page = await visit("/console/people", { as: operator });
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type(buyer.userId);
  const found = page.getByRole("list", { name: "People" }).getByRole("link");
  await expect(found).toHaveCount(1);
  await tabTo(page, found);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /^Buyer / })).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: /^Refund / }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await tabTo(page, page.getByLabel("Reason"));
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("list", { name: "Purchases" })).toContainText("By keyboard");
  await expect.poll(hasFocus(page)).toBe(true);
});

test("nobody and nothing are said in words", async ({ visit, operator }) => {
  const page = await visit(`/console/people?search=${crypto.randomUUID()}`, { as: operator });
  await expect(page.getByText("Nobody found, and no purchase or order of that name or id.")).toBeVisible();
});

const SCREENS = [
  { name: "wide", viewport: { width: 1440, height: 900 } },
  { name: "phone", viewport: { width: 360, height: 740 } },
];

for (const colorScheme of ["light", "dark"] as const) {
  for (const { name, viewport } of SCREENS) {
    test(`people are accessible in ${colorScheme} mode on a ${name} screen`, async ({
      visit,
      operator,
      newBuyer,
      newSale,
      newProduct,
    }) => {
      test.slow();
      const buyer = await busyBuyer(operator, {
        buyer: await newBuyer(),
        sale: await newSale(),
        product: await newProduct(),
      });
      const page = await visit("/console/people", { as: operator, viewport, colorScheme, reducedMotion: "reduce" });
      await expect(page.getByRole("list", { name: "People" })).toBeVisible();
      await expectAccessible(page, "people");
      await expectNoSidewaysScroll(page, "people-width");
      await page.goto(`/console/people?search=${buyer.userId}&user=${buyer.userId}`);
      await expect(page.getByRole("list", { name: "Record" })).toBeVisible();
      await expect(page.getByRole("list", { name: "Orders" })).toBeVisible();
      await expectAccessible(page, "person");
      await expectNoSidewaysScroll(page, "person-width");
      await page.getByRole("button", { name: /^Refund \d × .*, Order \d+$/ }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Refund" }).click();
      await expectAccessible(page, "reason");
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Credit" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "Credit" }).click();
      await expectAccessible(page, "credit");
    });
  }
}

async function busyBuyer(operator: Account, { buyer, sale, product }: Busy): Promise<Account> {
  const itemId = itemOf(sale).id;
  const results = [await buyer.client.purchases.buy({ itemId }), await buyer.client.purchases.buy({ itemId })];
  const [first] = results;
  if (first?.outcome === "purchased") {
    await operator.client.purchases.refund({ purchaseId: first.purchaseId, reason: "W".repeat(60) });
  }
  await buyer.client.orders.place({ lines: [{ productId: product.id, quantity: 2 }] });
  return buyer;
}

interface Busy {
  readonly buyer: Account;
  readonly sale: Parameters<typeof itemOf>[0];
  readonly product: { readonly id: number };
}
