import { expect, it } from "vitest";
import { readCreate } from "./read-sale-form.ts";
import { remainingErrors } from "./remaining-errors.ts";
import { someSale } from "./sale-form.fixture.ts";
import { emptyForm, formOf, newItem } from "./sale-form.ts";

it("forgets what is right by now, and tells nothing that was not told", () => {
  const told = { errors: readCreate(emptyForm(), "UTC").errors ?? {} };
  const after = { ...emptyForm(), name: "Friday", items: [newItem({})] };
  const remaining = remainingErrors(told, after, readCreate(after, "UTC").errors);
  expect(Object.keys(remaining).sort()).toEqual(["endsAt", "startsAt"]);
  const early = { ...formOf(someSale(), "UTC"), endsAt: { text: "2026-12-04T16:00", turn: "" } } as const;
  const toldEarly = { errors: readCreate(early, "UTC").errors ?? {} };
  const mended = { ...early, startsAt: { text: "2026-12-04T15:00", turn: "" } } as const;
  expect(Object.keys(toldEarly.errors)).toEqual(["endsAt"]);
  expect(remainingErrors(toldEarly, mended, readCreate(mended, "UTC").errors)).toEqual({});
});

it("keeps what the shop refused until another thing stands there", () => {
  const refused = formOf(someSale(), "UTC");
  const told = { errors: { "item-7.stock": "1 too few.", endsAt: "Too late.", items: "Too many." }, refused };
  const typed = { ...refused, name: "Other", items: refused.items.map((item) => ({ ...item, description: "x" })) };
  expect(Object.keys(remainingErrors(told, { ...refused, name: "Other" }))).toHaveLength(3);
  const fewer = { ...typed, items: typed.items.map((item) => ({ ...item, stock: "9" })) };
  expect(remainingErrors(told, fewer)).toEqual({ endsAt: "Too late.", items: "Too many." });
  expect(remainingErrors(told, { ...refused, endsAt: { text: "2026-12-04T21:00", turn: "" } }).endsAt).toBeUndefined();
  expect(remainingErrors(told, { ...refused, items: refused.items.slice(1) })).toEqual({ endsAt: "Too late." });
});
