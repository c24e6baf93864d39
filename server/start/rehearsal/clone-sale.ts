import { type Sale, STOCK_MAX } from "../../../shared/sales.ts";
import { readClock } from "../../database/clock.ts";
import type { Database } from "../../database/database.ts";
import { isoTime } from "../../database/times.ts";
import { saleById } from "../../sales/by-id.ts";
import { insertSale } from "../../sales/create.ts";
import { admitEverybody } from "./admit-everybody.ts";

/**
 * Plans a sale again in a rehearsal's store, with the same items, prices, units and limits, to open in a moment. Where it
 * needs an access code, all buyers that the store has by now are let in. It lasts as long as the sale itself, but no longer
 * than a rehearsal may.
 */
export async function cloneSale(store: Database, sale: Sale): Promise<ClonedSale> {
  const lengthMs = Math.min(Date.parse(sale.endsAt) - Date.parse(sale.startsAt), SELLING_MS_MAX);
  const items = sale.items.map(({ name, description, imageUrl, priceCents, allotted, limitPerCustomer }) => {
    return { name, description, imageUrl, priceCents, stock: allotted, limitPerCustomer };
  });
  const { name, limitPerCustomer, needsAccessCode } = sale;
  const planned = await plan(store, { name, limitPerCustomer, needsAccessCode, items, lengthMs });
  return {
    saleId: planned.id,
    opensInMs: Date.parse(planned.startsAt) - Date.parse(planned.serverTime),
    lengthMs,
    items: planned.items.map(({ id, allotted }) => ({ itemId: id, units: allotted })),
  };
}

export interface ClonedSale {
  readonly saleId: number;
  readonly opensInMs: number;
  readonly lengthMs: number;
  readonly items: readonly { readonly itemId: number; readonly units: number }[];
}

/** Plans a sale of one item that nobody can sell out. @returns the item's id */
export async function planEndlessSale(store: Database): Promise<number> {
  const items = [{ name: "One of ten million", priceCents: ENDLESS_PRICE_CENTS, stock: STOCK_MAX }];
  const { items: planned } = await plan(store, {
    name: "What this machine can carry",
    items,
    lengthMs: SELLING_MS_MAX,
  });
  const [item] = planned;
  if (!item) throw new Error("a sale was planned without its item");
  return item.id;
}

function plan(store: Database, { lengthMs, ...terms }: Planned): Promise<Sale> {
  return store.withTransaction(
    async (tx) => {
      const { now, nowMs } = await readClock(tx);
      const startsAtMs = nowMs + (terms.needsAccessCode ? OPENS_IN_WITH_CODES_MS : OPENS_IN_MS);
      const { id } = await insertSale(tx, null, {
        ...terms,
        startsAt: isoTime(startsAtMs),
        endsAt: isoTime(startsAtMs + lengthMs),
      });
      if (terms.needsAccessCode) await admitEverybody(tx, { saleId: id, now });
      return saleById(tx, id);
    },
    { name: "rehearsal.plan", deadlineMs: PLAN_MS_MAX },
  );
}

type Planned = Pick<Parameters<typeof insertSale>[2], "name" | "limitPerCustomer" | "needsAccessCode" | "items"> & {
  readonly lengthMs: number;
};

/** The longest that a crowd may take to come. */
export const SELLING_MS_MAX = 600_000;

/** The crowd is at the door by then. */
const OPENS_IN_MS = 1_000;

/** So many more are in by then: a hundred thousand take some seconds. */
const OPENS_IN_WITH_CODES_MS = 10_000;

/** Of a busy machine. */
const PLAN_MS_MAX = 60_000;

export const ENDLESS_PRICE_CENTS = 1;
