import { expect, test } from "vitest";
import { refundOrderInputSchema } from "./orders.ts";
import { createProductInputSchema, receiveInputSchema, updateProductInputSchema } from "./products.ts";
import { refundInputSchema } from "./purchases.ts";
import { signUpInputSchema } from "./rest.ts";
import { adjustStockInputSchema, createSaleInputSchema, updateSaleInputSchema } from "./sales.ts";
import { setActiveInputSchema } from "./users.ts";
import { creditInputSchema } from "./wallets.ts";

const ID = "5d1f4ee4-7f0e-4d2c-9a52-3f1d9c2f9b6e";
const WINDOW = { startsAt: "2030-01-01T00:00:00Z", endsAt: "2030-01-02T00:00:00Z" };
const KEY = { idempotencyKey: "k" };

/** Every input that takes a name or a reason, with it. */
const INPUTS: Record<string, (text: string) => { success: boolean }> = {
  "a user's name": (name) =>
    signUpInputSchema.safeParse({ email: "ada@example.com", password: "a long password", name }),
  "a sale's name": (name) =>
    createSaleInputSchema.safeParse({ name, ...WINDOW, items: [{ name: "Lamp", priceCents: 1, stock: 1 }] }),
  "a sale's new name": (name) => updateSaleInputSchema.safeParse({ saleId: 1, name }),
  "an item's name": (name) =>
    createSaleInputSchema.safeParse({ name: "Sale", ...WINDOW, items: [{ name, priceCents: 1, stock: 1 }] }),
  "an item's new name": (name) => updateSaleInputSchema.safeParse({ saleId: 1, items: [{ itemId: 1, name }] }),
  "a product's name": (name) => createProductInputSchema.safeParse({ name, priceCents: 1 }),
  "a product's new name": (name) => updateProductInputSchema.safeParse({ productId: 1, name }),
  "a reason to change a sale": (reason) => updateSaleInputSchema.safeParse({ saleId: 1, reason }),
  "a reason to adjust stock": (reason) => adjustStockInputSchema.safeParse({ itemId: 1, change: 1, reason, ...KEY }),
  "a reason to receive goods": (reason) => receiveInputSchema.safeParse({ productId: 1, units: 1, reason, ...KEY }),
  "a reason to refund a purchase": (reason) => refundInputSchema.safeParse({ purchaseId: ID, reason, ...KEY }),
  "a reason to refund an order": (reason) => refundOrderInputSchema.safeParse({ orderId: 1, reason, ...KEY }),
  "a reason to deactivate": (reason) => setActiveInputSchema.safeParse({ userId: ID, active: false, reason }),
  "a reason to credit": (reason) => creditInputSchema.safeParse({ userId: ID, amountCents: 1, reason, ...KEY }),
};

const UNSEEN = [
  "",
  " ",
  "\u200b",
  "\u200d\ufe0f",
  "\u00ad",
  "\u3164",
  "\u115f",
  "\u2800",
  "\u0301",
  "\u200e",
  "\u061c",
  "\u{e0041}",
  "\ufffe",
  "\ufdd0\u{10ffff}",
];
const TURNING = ["\u202eabc", "a\u202ab\u202c", "a\u2066b\u2069", "\u2069"];
const READABLE = [
  "x",
  "é",
  "e\u0301",
  "مصباح",
  "\u200fשלום",
  "👩‍👩‍👧‍👦",
  "🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}",
  "Löwe",
  "50 %",
  "電気",
];

for (const [what, parse] of Object.entries(INPUTS)) {
  test(`${what} can be seen, and leaves the direction of writing alone`, () => {
    const taken = (texts: readonly string[]) => texts.filter((text) => parse(text).success);
    expect(taken(UNSEEN)).toEqual([]);
    expect(taken(TURNING)).toEqual([]);
    expect(taken(READABLE)).toEqual(READABLE);
  });
}

test("a refused text is told why", () => {
  const messageOf = (name: string) =>
    createProductInputSchema.safeParse({ name, priceCents: 1 }).error?.issues.map(({ message }) => message);
  expect(messageOf("\u200b")).toEqual(["Text needs a character that can be seen"]);
  expect(messageOf("a\u202eb")).toEqual([expect.stringContaining("direction of writing")]);
});
