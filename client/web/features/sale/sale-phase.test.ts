import { expect, test } from "vitest";
import type { Sale } from "../../../../shared/sales.ts";
import { nextPhaseChangeMs, salePhase } from "./sale-phase.ts";

const STARTS_MS = Date.parse("2030-01-01T12:00:00.000Z");
const ENDS_MS = Date.parse("2030-01-01T13:00:00.000Z");

test("a scheduled sale is live from its start on, and ended from its end on, before the server says so", () => {
  const scheduled = sale({ status: "scheduled" });
  expect(salePhase(scheduled, STARTS_MS - 1)).toBe("scheduled");
  expect(salePhase(scheduled, STARTS_MS)).toBe("live");
  expect(salePhase(scheduled, ENDS_MS)).toBe("ended");
});

test("a paused sale stays paused until its end", () => {
  expect(salePhase(sale({ status: "paused" }), STARTS_MS + 1)).toBe("paused");
  expect(salePhase(sale({ status: "paused" }), ENDS_MS)).toBe("ended");
});

test("a live sale with nothing left is sold out", () => {
  expect(salePhase(sale({ remaining: 0 }), STARTS_MS)).toBe("sold-out");
  expect(salePhase(sale({ remaining: 0, status: "paused" }), STARTS_MS)).toBe("paused");
});

test("a cancelled sale stays cancelled", () => {
  expect(salePhase(sale({ status: "cancelled" }), ENDS_MS + 1)).toBe("cancelled");
});

test("knows when the phase changes next", () => {
  expect(nextPhaseChangeMs(sale({}), STARTS_MS - 5)).toBe(STARTS_MS);
  expect(nextPhaseChangeMs(sale({}), STARTS_MS)).toBe(ENDS_MS);
  expect(nextPhaseChangeMs(sale({}), ENDS_MS)).toBeUndefined();
  expect(nextPhaseChangeMs(sale({ status: "cancelled" }), STARTS_MS - 5)).toBeUndefined();
});

function sale({ status = "live", remaining = 3 }: { status?: Sale["status"]; remaining?: number }): Sale {
  const item = { id: 1, productId: 1, name: "", description: "", imageUrl: null, priceCents: 1, allotted: 3 };
  return {
    id: 1,
    name: "Sale",
    status,
    startsAt: new Date(STARTS_MS).toISOString(),
    endsAt: new Date(ENDS_MS).toISOString(),
    currency: "EUR",
    limitPerCustomer: null,
    needsAccessCode: false,
    version: 1,
    edits: 0,
    serverTime: new Date(STARTS_MS).toISOString(),
    items: [{ ...item, remaining, limitPerCustomer: null, version: 1 }],
  };
}
