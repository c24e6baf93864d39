import type { SaleDetails } from "../../../../../shared/sales.ts";

/** A sale of two items that begins on Friday, 4 December 2026, at 18:00 in Berlin. */
export function someSale(changes: Partial<SaleDetails> = {}): SaleDetails {
  return {
    id: 3,
    name: "Friday",
    startsAt: "2026-12-04T17:00:00.000Z",
    endsAt: "2026-12-04T19:00:00.000Z",
    status: "scheduled",
    currency: "EUR",
    version: 1,
    edits: 4,
    limitPerCustomer: null,
    needsAccessCode: false,
    serverTime: "2026-12-01T00:00:00.000Z",
    createdAt: "2026-12-01T00:00:00.000Z",
    viewers: 0,
    waiting: 0,
    lastChange: null,
    items: [someItem(7, "Lamp"), someItem(8, "Poster")],
    ...changes,
  };
}

function someItem(id: number, name: string): SaleDetails["items"][number] {
  return {
    id,
    productId: id + 100,
    name,
    description: "",
    imageUrl: null,
    priceCents: 1_999,
    allotted: 10,
    remaining: 10,
    limitPerCustomer: null,
    version: 0,
    warehouseId: 1,
    warehouseName: "Main warehouse",
    there: 5,
    onlyInSales: false,
    offered: 10,
    sold: 0,
    purchases: 0,
    refunds: 0,
    takenCents: 0,
  };
}
