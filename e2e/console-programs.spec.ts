import { createDoorbusterClient } from "../client/sdk/index.ts";
import { expectAccessible, expectNoSidewaysScroll } from "./accessible.ts";
import { expect, test } from "./test.ts";

test("a program gets a key that is shown once, uses it within its scopes, and is refused once it is revoked", async ({
  visit,
  operator,
}) => {
  const name = `Till ${crypto.randomUUID().slice(0, 8)}`;
  const page = await visit("/console/programs", { as: operator });
  const form = page.getByRole("form", { name: "Make a key" });
  await form.getByRole("checkbox", { name: "Read" }).uncheck();
  await form.getByRole("button", { name: "Make the key" }).click();
  await expect(form.getByText("Please name the program")).toBeVisible();
  await expect(form.getByText("Please choose what it may do.")).toBeVisible();
  await form.getByLabel("Which program").fill(name);
  await page.reload();
  await expect(form.getByLabel("Which program")).toHaveValue(name);
  await form.getByRole("checkbox", { name: "Read" }).check();
  await form.getByLabel("It ends").selectOption("After 30 days");
  await form.getByRole("button", { name: "Make the key" }).click();
  const token = await page.getByLabel("The key", { exact: true }).inputValue();
  expect(token).toMatch(/^dbk_/);

  const program = createDoorbusterClient({ url: new URL(page.url()).origin, token });
  await expect(program.users.list()).resolves.toMatchObject({ items: expect.any(Array) });
  await expect(program.tasks.submit({})).rejects.toMatchObject({ code: "FORBIDDEN" });

  const row = page.getByRole("table", { name: "Keys" }).getByRole("row").filter({ hasText: name });
  await page.reload();
  await expect(row).toContainText("Works");
  await expect(row).not.toContainText("Never");
  await expect(page.getByLabel("The key", { exact: true })).toHaveCount(0);
  await row.getByRole("button", { name: `Revoke ${name}` }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("The till was sold");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row).toContainText("Revoked");
  await expect(program.users.list()).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

for (const colorScheme of ["light", "dark"] as const) {
  for (const viewport of [
    { width: 360, height: 740 },
    { width: 768, height: 1024 },
    { width: 1440, height: 900 },
  ]) {
    test(`programs are accessible in ${colorScheme} mode at ${viewport.width} px`, async ({ visit, operator }) => {
      await operator.client.keys.create({ name: `Till ${crypto.randomUUID()}`, scopes: ["read", "sales", "money"] });
      const page = await visit("/console/programs", { as: operator, viewport, colorScheme, reducedMotion: "reduce" });
      await expect(page.getByRole("table", { name: "Keys" })).toBeVisible();
      await page.getByRole("button", { name: "Make the key" }).click();
      await expectAccessible(page, "programs");
      await page.getByLabel("Which program").fill("A till");
      await page.getByRole("button", { name: "Make the key" }).click();
      await expect(page.getByLabel("The key", { exact: true })).toBeVisible();
      await expectAccessible(page, "programs-made");
      await expectNoSidewaysScroll(page, "programs-width");
    });
  }
}
