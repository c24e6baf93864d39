import type { Registry } from "@prometheus-io/client";
import { count, desc } from "drizzle-orm";
import { products } from "../../../drizzle/warehouse/schema.ts";
import { singleFlight } from "../../concurrency/single-flight.ts";
import type { Database } from "../../database/database.ts";
import { registerCollected, type Sample } from "../../metrics/metrics-json.ts";

/**
 * Tells the units on hand of each product, of the newest ones where there are too many to tell all. They are read when
 * somebody asks, at most every few seconds; while the database cannot be asked, nothing is told of them.
 */
export function countStock(registry: Registry, database: Database, onError: (error: unknown) => void): void {
  const read = singleFlight(
    async (): Promise<Stock> => {
      try {
        return await readStock(database);
      } catch (error) {
        onError(error);
        return { products: [], units: [] };
      }
    },
    { keptMs: () => READ_INTERVAL_MS },
  );
  registerCollected(
    registry,
    { name: "doorbuster_warehouse_stock_units", help: "Units on hand of each product.", type: "gauge" },
    async () => (await read()).units,
  );
  registerCollected(
    registry,
    { name: "doorbuster_warehouse_products", help: "Products that the warehouse knows.", type: "gauge" },
    async () => (await read()).products,
  );
}

interface Stock {
  readonly products: readonly Sample[];
  readonly units: readonly Sample[];
}

async function readStock(database: Database): Promise<Stock> {
  const [counted, rows] = await database.withTransaction(
    async (tx) =>
      [
        await tx.select({ products: count() }).from(products),
        await tx
          .select({ productId: products.productId, name: products.name, units: products.stockQuantity })
          .from(products)
          .orderBy(desc(products.productId))
          .limit(PRODUCTS_MAX),
      ] as const,
    { name: "stock metrics", readOnly: true, deadlineMs: READ_MS_MAX, attemptsMax: 1 },
  );
  return {
    products: [{ labels: {}, value: counted[0]?.products ?? 0 }],
    units: rows.map(({ productId, name, units }) => ({ labels: { product_id: productId, name }, value: units })),
  };
}

/** Prometheus asks every 15 s; several that ask must not cost more than one. */
const READ_INTERVAL_MS = 5_000;

/** Prometheus gives up after 10 s, and everything else would be lost with it. */
const READ_MS_MAX = 2_000;

/** Each is a series of its own in Prometheus. */
const PRODUCTS_MAX = 500;
