import { fillBasket } from "./basket-page.ts";
import { expect, test } from "./test.ts";

test("what is searched for stands in the address, survives a reload and can be sent to somebody", async ({
  visit,
  newProduct,
}) => {
  const word = `w${crypto.randomUUID().slice(0, 8)}`;
  const lamp = await newProduct({ name: `Brass lamp ${word}` });
  const kettle = await newProduct({ name: `Copper kettle ${word}`, description: "Whistles, and shines like brass." });
  const stool = await newProduct({ name: `Oak stool ${word}` });
  const page = await visit(`/catalogue?search=${word}`);
  const products = page.getByRole("list", { name: "Products" }).getByRole("article");
  await expect(products).toHaveCount(3);

  const search = page.getByRole("searchbox", { name: "Search the catalogue" });
  await expect(search).toHaveValue(word);
  await search.press("End");
  await search.pressSequentially(" brass");
  await expect(products).toHaveCount(2);
  await expect(page.getByRole("article", { name: lamp.name })).toBeVisible();
  await expect(page.getByRole("article", { name: kettle.name })).toBeVisible();
  expect(new URL(page.url()).searchParams.get("search")).toBe(`${word} brass`);

  const sent = await visit(page.url());
  await expect(sent.getByRole("article")).toHaveCount(2);
  await page.reload();
  await expect(search).toHaveValue(`${word} brass`);
  await expect(products).toHaveCount(2);

  await search.fill(`${word} nothing of the kind`);
  await expect(page.getByRole("heading", { name: "Nothing matches" })).toBeVisible();
  await search.fill(word);
  await expect(page.getByRole("article", { name: stool.name })).toBeVisible();
});

test("a search that is a number finds what it says", async ({ visit, newProduct }) => {
  const number = String(Math.floor(Math.random() * 1e9));
  const lamp = await newProduct({ name: `Lamp ${number}` });
  const page = await visit(`/catalogue?search=${number}`);
  await expect(page.getByRole("article", { name: lamp.name })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("searchbox")).toHaveValue(number);
});

test("tells in words how many there are, and sells no more than those", async ({ visit, newProduct }) => {
  const word = `w${crypto.randomUUID().slice(0, 8)}`;
  const [plenty, few, none] = [
    await newProduct({ name: `A ${word}`, units: 40 }),
    await newProduct({ name: `B ${word}`, units: 3 }),
    await newProduct({ name: `C ${word}`, units: 0 }),
  ];
  const page = await visit(`/catalogue?search=${word}`);
  await expect(page.getByRole("article", { name: plenty.name })).toContainText("In stock");
  await expect(page.getByRole("article", { name: few.name })).toContainText("Only 3 left");
  const gone = page.getByRole("article", { name: none.name });
  await expect(gone).toContainText("Sold out");
  await expect(gone.getByRole("button", { name: /^Sold out/ })).toBeDisabled();
  await fillBasket(page, few, 3);
  const all = page.getByRole("article", { name: few.name }).getByRole("button", { name: /^That is all we have/ });
  await expect(all).toBeDisabled();
  // It keeps the focus, and so it is not truly disabled: pressing it all the same must add nothing.
  await all.click({ force: true });
  await expect(page.getByRole("link", { name: "3 in your basket" })).toBeVisible();
});

test("shows page after page", async ({ visit, newProduct }) => {
  const word = `w${crypto.randomUUID().slice(0, 8)}`;
  for (let index = 0; index < 25; index++) await newProduct({ name: `Box ${index} ${word}`, units: 1 });
  const page = await visit(`/catalogue?search=${word}`);
  await expect(page.getByRole("article")).toHaveCount(24);
  await page.getByRole("button", { name: "Load more" }).click();
  await expect(page.getByRole("article")).toHaveCount(25);
  await expect(page.getByRole("button", { name: "Load more" })).toHaveCount(0);
});

test.describe("while the shop does not answer", () => {
  test.use({ expectedConsoleErrors: /Failed to load resource: .* status of 500/ });

  test("says that the catalogue could not be loaded, and loads it on demand", async ({ visit, newProduct }) => {
    const lamp = await newProduct();
    const page = await visit("/purchases");
    await page.route("**/trpc/products.list*", (route) =>
      route.fulfill({
        status: 500,
        json: { error: { message: "Broken", code: -32603, data: { reason: "INTERNAL", retryable: false } } },
      }),
    );
    await page.goto(`/catalogue?search=${encodeURIComponent(lamp.name)}`);
    await expect(page.getByRole("alert")).toContainText("The catalogue could not be loaded");
    await page.unrouteAll();
    await page.getByRole("button", { name: "Try again" }).click();
    await expect(page.getByRole("article", { name: lamp.name })).toBeVisible();
  });
});
