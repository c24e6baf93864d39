import { expectAccessible, PHONE } from "./accessible.ts";
import { expect, test } from "./test.ts";

/** Swagger UI's own headings and landmarks go against axe's best practices; WCAG is met. */
const BUT = ["heading-order", "landmark-unique", "region"];

for (const colorScheme of ["light", "dark"] as const) {
  test(`what the API can do is read in ${colorScheme} mode on a phone, from this origin alone`, async ({ visit }) => {
    const page = await visit("/docs", { colorScheme, ...PHONE });
    const foreign: string[] = [];
    page.on("request", (request) => {
      if (new URL(request.url()).origin !== new URL(page.url()).origin) foreign.push(request.url());
    });
    await page.reload();
    await page.getByRole("button", { name: /Buy an item/ }).click();
    await expect(page.getByText("A defect of the shop")).toBeVisible();
    await expectAccessible(page, `docs-${colorScheme}`, { but: BUT });
    expect(foreign.filter((url) => !url.startsWith("data:"))).toEqual([]);
  });
}
