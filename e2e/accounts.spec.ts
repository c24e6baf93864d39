import { expectAccessible } from "./accessible.ts";
import { signInAgain } from "./accounts.ts";
import { ItemCard } from "./sale-page.ts";
import { expect, itemOf, test } from "./test.ts";

test("a visitor who presses Buy signs up, and comes back to the item", async ({ visit, newSale }) => {
  const sale = await newSale();
  const page = await visit(`/sales/${sale.id}`);
  const card = new ItemCard(page, itemOf(sale));
  await card.buy.click();
  const main = page.getByRole("main");
  await expect(main.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await main.getByRole("link", { name: "Create an account" }).click();
  await expect(main.getByRole("heading", { level: 1, name: "Create an account" })).toBeVisible();
  await main.getByLabel("Your name").fill("Ada Buyer");
  await main.getByLabel("E-mail address").fill(`${crypto.randomUUID()}@example.com`);
  await main.getByLabel("Password").fill("a long password");
  await main.getByRole("button", { name: "Create account" }).click();
  await expect(page).toHaveURL(new RegExp(`/sales/${sale.id}(#item-${itemOf(sale).id})?$`));
  await expect(page.getByRole("banner").getByRole("button", { name: "Sign out" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Wallet balance €0.00" })).toBeVisible();
  await expect(card.card).toBeInViewport();
});

test("a buyer signs out and in again", async ({ visit, newBuyer }) => {
  const buyer = await newBuyer();
  const page = await visit("/wallet", { as: buyer });
  await expect(page.getByRole("heading", { level: 1, name: "Wallet" })).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
  await page.goto("/wallet");
  const main = page.getByRole("main");
  await main.getByRole("link", { name: "Sign in" }).click();
  await main.getByLabel("E-mail address").fill(buyer.email);
  await main.getByLabel("Password").fill(buyer.password);
  await main.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/wallet$/);
  await expect(main.getByRole("heading", { level: 1, name: "Wallet" })).toBeVisible();
});

test.describe("where one is signed in", () => {
  // Those whose session was ended.
  test.use({ expectedConsoleErrors: /Failed to load resource: the server responded with a status of 401/ });

  test("is on one's account, with this browser marked, and each other ended alone or all at once", async ({
    visit,
    newBuyer,
    product,
  }) => {
    const buyer = await newBuyer(0);
    const [second, third] = [await signInAgain(product.url, buyer), await signInAgain(product.url, buyer)];
    const page = await visit("/account", { as: third });
    const sessions = page.getByRole("list", { name: "Sessions" }).getByRole("listitem");
    await expect(sessions).toHaveCount(3);
    // The latest first.
    await expect(sessions.first()).toContainText("this one");
    await expect(sessions.first().getByRole("button")).toHaveCount(0);
    await expect(page.getByText("this one")).toHaveCount(1);
    await expectAccessible(page, "own sessions");

    await sessions.nth(1).getByRole("button", { name: "Sign out The program node" }).click();
    await expect(sessions).toHaveCount(2);
    await expect(page.getByRole("heading", { name: "Where you are signed in" })).toBeFocused();
    await expect(second.client.wallets.mine()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await buyer.client.wallets.mine();
    await page.getByRole("button", { name: "Sign out everywhere else" }).click();
    await expect(sessions).toHaveCount(1);
    await expect(page.getByRole("button", { name: "Sign out everywhere else" })).toHaveCount(0);
    await expect(buyer.client.wallets.mine()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
    await third.client.wallets.mine();
    await page.screenshot({ path: test.info().outputPath("own-sessions.png"), fullPage: true });
  });
});

test.describe("what is wrong", () => {
  // The browser itself notes each refused request.
  test.use({ expectedConsoleErrors: /Failed to load resource: the server responded with a status of 4\d\d/ });

  test("with a password that is to be changed is said at its field, and the new one signs everybody else out", async ({
    visit,
    newBuyer,
  }) => {
    const buyer = await newBuyer();
    const [page, other] = [await visit("/", { as: buyer }), await visit("/wallet", { as: buyer })];
    await page.getByRole("contentinfo").getByRole("link", { name: "Account" }).click();
    const main = page.getByRole("main");
    await main.getByLabel("Current password").fill("not my password");
    await main.getByLabel("New password").fill("eleven loud harbours");
    await main.getByRole("button", { name: "Change password" }).click();
    await expect(main.getByText("This is not your password.")).toBeVisible();
    await expect(main.getByLabel("Current password")).toBeFocused();
    await expectAccessible(page, "account");
    await main.getByLabel("Current password").fill(buyer.password);
    await main.getByRole("button", { name: "Change password" }).click();
    await expect(main.getByText("Your password is changed")).toBeVisible();
    await expect(page.getByRole("list", { name: "Sessions" }).getByRole("listitem")).toHaveCount(1);
    await expect(main.getByLabel("Current password")).toHaveValue("");

    await other.reload();
    await expect(other.getByRole("banner").getByRole("link", { name: "Sign in" })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("banner").getByRole("button", { name: "Sign out" })).toBeVisible();
  });

  test("with a sign-in is said in words, and does not tell whether the account exists", async ({ visit, newBuyer }) => {
    const buyer = await newBuyer(0);
    const page = await visit("/sign-in");
    const main = page.getByRole("main");
    const answers: (string | null)[] = [];
    for (const email of [buyer.email, `${crypto.randomUUID()}@example.com`]) {
      await main.getByLabel("E-mail address").fill(email);
      await main.getByLabel("Password").fill("a wrong password");
      const answered = page.waitForResponse(/sign-in\/email/);
      await main.getByRole("button", { name: "Sign in" }).click();
      await answered;
      await expect(main.getByRole("alert")).toContainText("do not belong together");
      answers.push(await main.getByRole("alert").textContent());
    }
    expect(answers[0]).toBe(answers[1]);
    await page.screenshot({ path: test.info().outputPath("sign-in-refused.png") });
  });

  test("with a sign-up is said beside the field", async ({ visit, newBuyer }) => {
    const buyer = await newBuyer(0);
    const page = await visit("/sign-up");
    const main = page.getByRole("main");
    await main.getByRole("button", { name: "Create account" }).click();
    await expect(main.getByLabel("E-mail address")).toHaveAttribute("aria-invalid", "true");
    await main.getByLabel("Your name").fill("Ada Buyer");
    await main.getByLabel("E-mail address").fill(buyer.email);
    const password = main.getByLabel("Password");
    await password.fill("password");
    await main.getByRole("button", { name: "Create account" }).click();
    await expect(password).toHaveAttribute("aria-invalid", "true");
    await expect(password).toBeFocused();
    await expect(main.getByText("one of those that are tried first")).toBeVisible();
    await password.fill("a long password");
    await main.getByRole("button", { name: "Create account" }).click();
    await expect(main.getByRole("alert")).toContainText("already an account");
  });
});

test.describe("signing out", () => {
  test.use({ expectedConsoleErrors: /Failed to load resource: net::ERR_/ });

  test("that the shop did not hear of is told, and can be done again", async ({ visit, newBuyer }) => {
    const page = await visit("/", { as: await newBuyer() });
    const banner = page.getByRole("banner");
    const signOut = banner.getByRole("button", { name: "Sign out" });
    await expect(signOut).toBeVisible();
    await page.context().setOffline(true);
    await signOut.click();
    await expect(banner.getByRole("alert")).toContainText("You are still signed in");
    await page.context().setOffline(false);
    await signOut.click();
    await expect(banner.getByRole("link", { name: "Sign in" })).toBeVisible();
    await expect(banner.getByRole("alert")).toHaveCount(0);
  });
});

test("whoever has just arrived comes past the way to the content and the navigation first", async ({
  visit,
  newSale,
}) => {
  const page = await visit(`/sales/${(await newSale()).id}`);
  await expect(page.getByRole("article").first()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
});
