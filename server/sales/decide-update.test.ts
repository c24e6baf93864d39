import { describe, expect, it } from "vitest";
import { Fault } from "../../shared/faults.ts";
import type { SaleStatus, UpdateSaleInput } from "../../shared/sales.ts";
import { isoTime } from "../database/times.ts";
import type { LockedItem, LockedSale } from "./change-sale.ts";
import { decideUpdate, updateDetails } from "./decide-update.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.parse("2030-01-01T12:00:00Z");
const STATUSES: SaleStatus[] = ["scheduled", "live", "paused", "ended", "cancelled"];

const item: LockedItem = {
  id: 7,
  saleId: 1,
  productId: 3,
  warehouseId: 1,
  ordinal: 0,
  name: "Lamp",
  description: "Bright",
  imageUrl: "/images/lamp.svg",
  priceCents: 1_000,
  allotted: 10,
  remaining: 10,
  limitPerCustomer: 2,
  lastPosition: 0,
  lastSoldAt: null,
  version: 0,
  withdrawnAt: null,
};

const lamp = { name: "Lamp", priceCents: 1_000, stock: 3 };

function saleThatIs(status: SaleStatus): LockedSale {
  const startsAtMs = status === "scheduled" ? NOW_MS + HOUR_MS : NOW_MS - 2 * HOUR_MS;
  const endsAtMs = status === "ended" ? NOW_MS - HOUR_MS : NOW_MS + 2 * HOUR_MS;
  return {
    id: 1,
    limitPerCustomer: 4,
    needsAccessCode: false,
    name: "Sale",
    startsAtMs,
    endsAtMs,
    pausedAtMs: status === "paused" ? NOW_MS - HOUR_MS : null,
    cancelledAtMs: status === "cancelled" ? NOW_MS - HOUR_MS : null,
    edits: 0,
    items: [item],
    nextOrdinal: 1,
    now: "2030-01-01 12:00:00+00",
    nowMs: NOW_MS,
    status,
  };
}

/** What each status answers to a change: nothing when it is allowed, else the fault's code. */
function answers(input: Omit<UpdateSaleInput, "saleId">): Record<SaleStatus, string> {
  const answer = (status: SaleStatus) => {
    try {
      return decideUpdate(saleThatIs(status), { saleId: 1, ...input }) ? "changed" : "nothing to change";
    } catch (error) {
      if (error instanceof Fault) return error.code;
      throw error;
    }
  };
  return Object.fromEntries(STATUSES.map((status) => [status, answer(status)])) as Record<SaleStatus, string>;
}

const ALWAYS = { scheduled: "changed", live: "changed", paused: "changed", ended: "changed", cancelled: "changed" };
const NOT_LATER = { ended: "NOT_ALLOWED_NOW", cancelled: "NOT_ALLOWED_NOW" };
const UNTIL_END = { scheduled: "changed", live: "changed", paused: "changed", ...NOT_LATER };
const UNTIL_START = { scheduled: "changed", live: "NOT_ALLOWED_NOW", paused: "NOT_ALLOWED_NOW", ...NOT_LATER };

describe("decideUpdate", () => {
  it.each<[string, Omit<UpdateSaleInput, "saleId">, Record<string, string>]>([
    ["the name", { name: "Another" }, ALWAYS],
    ["an item's name", { items: [{ itemId: 7, name: "Another" }] }, ALWAYS],
    ["an item's description", { items: [{ itemId: 7, description: "" }] }, ALWAYS],
    ["an item's picture", { items: [{ itemId: 7, imageUrl: null }] }, ALWAYS],
    ["a later end", { endsAt: isoTime(NOW_MS + 9 * HOUR_MS) }, UNTIL_END],
    ["a higher limit", { items: [{ itemId: 7, limitPerCustomer: 3 }] }, UNTIL_END],
    ["no limit", { items: [{ itemId: 7, limitPerCustomer: null }] }, UNTIL_END],
    ["a higher limit over the sale", { limitPerCustomer: 5 }, UNTIL_END],
    ["no limit over the sale", { limitPerCustomer: null }, UNTIL_END],
    ["a lower limit over the sale", { limitPerCustomer: 3 }, UNTIL_START],
    ["a lower limit", { items: [{ itemId: 7, limitPerCustomer: 1 }] }, UNTIL_START],
    ["a higher price", { items: [{ itemId: 7, priceCents: 1_001 }] }, UNTIL_START],
    ["a lower price", { items: [{ itemId: 7, priceCents: 999 }] }, UNTIL_START],
    ["more units", { items: [{ itemId: 7, stock: 11 }] }, UNTIL_START],
    ["fewer units", { items: [{ itemId: 7, stock: 0 }] }, UNTIL_START],
    ["another item", { addItems: [lamp] }, UNTIL_START],
    ["an item less", { addItems: [lamp], removeItemIds: [7] }, UNTIL_START],
    ["an earlier end", { endsAt: isoTime(NOW_MS + HOUR_MS + 1) }, UNTIL_START],
    ["an earlier start", { startsAt: isoTime(NOW_MS - 3 * HOUR_MS) }, UNTIL_START],
    ["a later start", { startsAt: isoTime(NOW_MS + HOUR_MS + 1) }, UNTIL_START],
  ])("allows %s when it should", (_what, input, expected) => {
    expect(answers(input)).toEqual(expected);
  });

  it("finds nothing to change when everything is sent back as it is", () => {
    for (const status of STATUSES) {
      const sale = saleThatIs(status);
      const { id: itemId, name, description, imageUrl, priceCents, allotted: stock, limitPerCustomer } = item;
      const input: UpdateSaleInput = {
        saleId: 1,
        name: sale.name,
        startsAt: isoTime(sale.startsAtMs),
        endsAt: isoTime(sale.endsAtMs),
        items: [{ itemId, name, description, imageUrl, priceCents, stock, limitPerCustomer }],
        order: [{ itemId }],
      };
      expect(decideUpdate(sale, input)).toBeUndefined();
      // What lies below a millisecond never reached the client.
      expect(decideUpdate({ ...sale, endsAtMs: sale.endsAtMs + 0.25 }, input)).toBeUndefined();
    }
  });

  it("takes a new limit for an item without one as a lower one", () => {
    const sale = { ...saleThatIs("live"), items: [{ ...item, limitPerCustomer: null }] };
    expect(() => decideUpdate(sale, { saleId: 1, items: [{ itemId: 7, limitPerCustomer: 1_000 }] })).toThrow(
      expect.objectContaining({ code: "NOT_ALLOWED_NOW" }),
    );
  });

  it.each<[string, Omit<UpdateSaleInput, "saleId">, string]>([
    ["an end before the start", { endsAt: isoTime(NOW_MS + HOUR_MS / 2) }, "INVALID_INPUT"],
    ["a start after the end", { startsAt: isoTime(NOW_MS + 3 * HOUR_MS) }, "INVALID_INPUT"],
    ["an end in the past", { startsAt: isoTime(NOW_MS - 2), endsAt: isoTime(NOW_MS - 1) }, "INVALID_INPUT"],
    ["an unknown item", { items: [{ itemId: 8, name: "x" }] }, "NOT_FOUND"],
    ["to take out an unknown item", { removeItemIds: [8] }, "NOT_FOUND"],
    ["to take out the last item", { removeItemIds: [7] }, "INVALID_INPUT"],
    [
      "to change what it takes out",
      { removeItemIds: [7], addItems: [lamp], items: [{ itemId: 7, name: "x" }] },
      "INVALID_INPUT",
    ],
    ["more items than a sale has", { addItems: Array.from({ length: 200 }, () => lamp) }, "INVALID_INPUT"],
    ["an order without an item", { addItems: [lamp], order: [{ itemId: 7 }] }, "INVALID_INPUT"],
    ["an order of another sale", { order: [{ itemId: 8 }] }, "INVALID_INPUT"],
    ["an order with an item twice", { order: [{ itemId: 7 }, { itemId: 7 }] }, "INVALID_INPUT"],
    [
      "an item named twice",
      {
        items: [
          { itemId: 7, name: "x" },
          { itemId: 7, name: "y" },
        ],
      },
      "INVALID_INPUT",
    ],
  ])("refuses %s", (_what, input, code) => {
    expect(answers(input).scheduled).toBe(code);
  });

  it("keeps for the audit what changed, before and after, and nothing else", () => {
    const sale = saleThatIs("live");
    const decision = decideUpdate(sale, {
      saleId: 1,
      name: "New",
      items: [{ itemId: 7, name: "Lamp", description: "" }],
    });
    expect(decision && updateDetails(sale, decision, [])).toEqual({
      before: { name: "Sale" },
      after: { name: "New" },
      items: [{ itemId: 7, before: { description: "Bright" }, after: { description: "" } }],
    });
  });

  it("lets the order change at any time, and takes the one that is there for no change", () => {
    const second = { ...item, id: 8, ordinal: 1 };
    for (const status of STATUSES) {
      const sale = { ...saleThatIs(status), items: [item, second], nextOrdinal: 2 };
      const order = [{ itemId: 8 }, { itemId: 7 }];
      expect(decideUpdate(sale, { saleId: 1, order })?.lineUp).toEqual({ removed: [], added: [], order });
      expect(decideUpdate(sale, { saleId: 1, order: order.toReversed() })).toBeUndefined();
    }
  });
});
