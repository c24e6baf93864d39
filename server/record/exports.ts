import type { Readable } from "node:stream";
import type { RECORD_FILTERS, RecordKind, SummaryFilter } from "../../shared/record.ts";
import { listAudit } from "../audit/list.ts";
import { headsOfItems } from "../chain/heads.ts";
import type { Database } from "../database/database.ts";
import { listAttempts } from "./attempts.ts";
import { ATTEMPTS, CHANGES, CREDITS, DAYS, ITEMS, MOVEMENTS, ORDERS, REFUNDS } from "./columns.ts";
import { listCredits } from "./credits.ts";
import { csvFile, type FileOptions, portionsOf } from "./csv-file.ts";
import { movements } from "./movements.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";
import { summarise } from "./summary.ts";

/** The files, each the whole of a list: its rows are those that the list shows for the same filters. */
export const EXPORTS: { readonly [K in RecordKind]: Export<(typeof RECORD_FILTERS)[K]["_output"]> } = {
  attempts: {
    says: "Every attempt to buy, bought or refused, newest first; behind them the seals of what they are about",
    file: (database, filter, options) => {
      const itemIds = new Set<number>();
      const read = async (page: { cursor: string | null; limit: number }) => {
        const looked = await listAttempts(database, { ...filter, ...page });
        for (const { itemId } of looked.items) itemIds.add(itemId);
        return looked;
      };
      const notes = () => sealsOf(database, [...itemIds]);
      return csvFile({ columns: ATTEMPTS, portions: portionsOf(read), notes }, options);
    },
  },
  orders: {
    says: "Every order as it stands, newest first",
    file: (database, filter, options) =>
      csvFile(
        { columns: ORDERS, portions: portionsOf((page) => listRecordedOrders(database, { ...filter, ...page })) },
        options,
      ),
  },
  refunds: {
    says: "Every refund of a purchase or an order, newest first",
    file: (database, filter, options) =>
      csvFile(
        { columns: REFUNDS, portions: portionsOf((page) => listRefunds(database, { ...filter, ...page })) },
        options,
      ),
  },
  credits: {
    says: "All money that came from outside, newest first",
    file: (database, filter, options) =>
      csvFile(
        { columns: CREDITS, portions: portionsOf((page) => listCredits(database, { ...filter, ...page })) },
        options,
      ),
  },
  movements: {
    says: "The ledger: every movement of money with where it came from and went; kind by kind, newest first within each",
    file: (database, filter, options) =>
      csvFile({ columns: MOVEMENTS, portions: movements(database, filter) }, options),
  },
  changes: {
    says: "Who changed what, newest first",
    file: (database, filter, options) =>
      csvFile(
        { columns: CHANGES, portions: portionsOf((page) => listAudit(database, { ...filter, ...page })) },
        options,
      ),
  },
  "summary-by-day": {
    says: "What was sold, given back and paid in, day by day of a time zone",
    file: (database, filter, options) =>
      csvFile({ columns: DAYS, portions: summaryOf(database, filter, "days") }, options),
  },
  "summary-by-item": {
    says: "What was sold and given back, item by item and product by product",
    file: (database, filter, options) =>
      csvFile({ columns: ITEMS, portions: summaryOf(database, filter, "items") }, options),
  },
};

/** By which `audit verify` tells later whether any of these rows was changed, removed or put in between; in its own words. */
async function sealsOf(database: Database, itemIds: readonly number[]): Promise<string[]> {
  const heads = await headsOfItems(database, itemIds);
  return heads.map(({ chain, number, head }) => `head ${chain} ${number} ${head}`);
}

/** A summary is short: it is read at once. */
async function* summaryOf<K extends "days" | "items">(database: Database, filter: SummaryFilter, by: K) {
  yield (await summarise(database, filter))[by];
}

export interface Export<Filter> {
  readonly says: string;
  readonly file: (database: Database, filter: Filter, options: FileOptions) => Readable;
}
