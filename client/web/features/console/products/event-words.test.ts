import { expect, it } from "vitest";
import { changeLines, eventWords } from "./event-words.ts";

const who = { at: "2026-12-01T00:00:00.000Z", actor: null };

it("tells what came in, what went to a sale and what came back", () => {
  const received = {
    ...who,
    kind: "received" as const,
    warehouseName: "Harbour",
    units: 7,
    unitsAfter: 9,
    reason: "Pallet",
  };
  expect([eventWords(received), ...changeLines(received)]).toEqual(["7 received by Harbour", "Pallet"]);
  const sale = {
    ...who,
    kind: "adjusted" as const,
    warehouseName: "Harbour",
    saleId: 1,
    saleName: "Friday",
    reason: "x",
  };
  expect(eventWords({ ...sale, change: 6 })).toBe("6 from Harbour to “Friday”");
  expect(eventWords({ ...sale, change: -2 })).toBe("2 from “Friday” back to Harbour");
});

it("tells each value that was changed as it was before and after, and why", () => {
  const changed = (before: object, after: object, more = {}) => ({
    ...{ ...who, kind: "changed" as const, action: "products.update" },
    details: { before, after, ...more },
  });
  const dearer = changed({ priceCents: 100, imageUrl: "/a" }, { priceCents: 250, imageUrl: null });
  expect(eventWords(dearer)).toBe("Changed");
  expect(changeLines(dearer)).toEqual(["Price: €1.00 → €2.50", "Picture: /a → none"]);
  const gone = changed({ available: true }, { available: false }, { reason: "Recalled" });
  expect(eventWords(gone)).toBe("Withdrawn");
  expect(changeLines(gone)).toEqual(["In the catalogue: yes → no", "Recalled"]);
});
