import { picture } from "../server/pictures/picture.fixture.ts";
import { PICTURE_BYTES_MAX } from "../shared/pictures.ts";
import { holdRequests } from "./gate.ts";
import { expect, test } from "./test.ts";

// What only the shop can find out about a file.
test.use({ expectedConsoleErrors: /status of 415 .*\/api\/pictures/ });

test("a picture is chosen, seen at once, saved with its product and shown to buyers; nothing typed meanwhile is lost", async ({
  visit,
  operator,
}) => {
  const name = `Pictured ${crypto.randomUUID().slice(0, 8)}`;
  const page = await visit("/console/products?product=new", { as: operator });
  const form = page.getByRole("form", { name: "New product" });
  await form.getByRole("textbox", { name: "Name" }).fill(name);
  const gate = await holdRequests(page, "**/api/pictures");
  await form.getByLabel("Picture: choose a file").setInputFiles(await orange());
  await gate.arrived;
  await form.getByRole("textbox", { name: "Description" }).fill("Typed while it was sent");
  await form.getByRole("textbox", { name: /^Price/ }).fill("12.50");
  await expect(form.getByText("A picture is still being sent")).toBeVisible();
  await expect(form.getByRole("button", { name: "Put it into the catalogue" })).toBeDisabled();
  gate.open();
  await expect(form.getByRole("button", { name: "Remove" })).toBeVisible();
  await expect(form.getByRole("textbox", { name: "Description" })).toHaveValue("Typed while it was sent");
  await expect(form.locator("img")).toHaveJSProperty("complete", true);
  await expect(form.locator("img")).not.toHaveJSProperty("naturalWidth", 0);

  // What is no picture of the shop is said at the field, and takes neither the picture nor what was typed.
  const alert = form.getByRole("group", { name: "Picture" }).getByRole("alert");
  for (const { file, says } of REFUSED) {
    await form.getByLabel("Picture: choose a file").setInputFiles(file);
    await expect(alert).toContainText(says);
    await expect(form.locator("img")).toBeVisible();
    await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue(name);
  }
  await form.getByRole("button", { name: "Put it into the catalogue" }).click();
  await expect(page.getByRole("dialog").getByRole("heading", { name })).toBeVisible();
  const { items } = await operator.client.products.list({ search: name });
  expect(items).toMatchObject([{ name, description: "Typed while it was sent", priceCents: 1_250 }]);
  expect(items[0]?.imageUrl).toMatch(/^\/pictures\//);

  const buyer = await visit(`/catalogue?search=${encodeURIComponent(name)}`);
  const shown = buyer.getByRole("article", { name }).locator("img");
  await expect(shown).toHaveAttribute("src", items[0]?.imageUrl ?? "");
  await expect(shown).not.toHaveJSProperty("naturalWidth", 0);
});

test("a picture is dropped on an item of a sale, and buyers see it in the preview and on the sale's page", async ({
  visit,
  operator,
  newSale,
}) => {
  const startsAt = new Date(Date.now() + 3_600_000).toISOString();
  const sale = await newSale({ startsAt, endsAt: new Date(Date.now() + 7_200_000).toISOString() });
  const page = await visit(`/console/sales/${sale.id}`, { as: operator });
  const field = page.getByRole("form", { name: "Plan" }).getByRole("group", { name: "Picture" });
  const { name, mimeType, buffer } = await orange();
  const files = await page.evaluateHandle(
    ([bytes, fileName, type]) => {
      const dragged = new DataTransfer();
      dragged.items.add(new File([Uint8Array.from(atob(bytes), (byte) => byte.charCodeAt(0))], fileName, { type }));
      return dragged;
    },
    [buffer.toString("base64"), name, mimeType] as const,
  );
  await field.dispatchEvent("drop", { dataTransfer: files });
  await expect(field.getByRole("button", { name: "Remove" })).toBeVisible();
  const preview = page.getByRole("region", { name: "As buyers see it" });
  await expect(preview.locator('img[src^="/pictures/"]')).not.toHaveJSProperty("naturalWidth", 0);
  await page.getByRole("button", { name: "Save the changes" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();

  const buyer = await visit(`/sales/${sale.id}`);
  await expect(buyer.locator('main img[src^="/pictures/"]')).not.toHaveJSProperty("naturalWidth", 0);
});

async function orange() {
  const buffer = await picture({ width: 640, height: 480 }).png().toBuffer();
  return { name: "orange.png", mimeType: "image/png", buffer };
}

const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');

const REFUSED = [
  { file: { name: "logo.svg", mimeType: "image/svg+xml", buffer: SVG }, says: "SVG pictures are not taken" },
  {
    file: { name: "big.png", mimeType: "image/png", buffer: Buffer.alloc(PICTURE_BYTES_MAX + 1024 * 1024) },
    says: "This file has 11 MB, and a picture 10 MB at most.",
  },
  // It says that it is a picture.
  { file: { name: "logo.png", mimeType: "image/png", buffer: SVG }, says: "SVG" },
];
