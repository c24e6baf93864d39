import { sql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { MAIN_WAREHOUSE_ID, makeProducts } from "../../server/testing/factories.ts";
import type { Contestant, Figure, Sample } from "../figure.ts";
import { allocateLineByLine, makeLoopInDatabase } from "../peers/allocation-loops.ts";
import type { Stage } from "../stage.ts";

const LOOP = "SELECT and UPDATE per line";
const OF_1000_LINES = "1,000 lines: allocations/s";
const GROWTH = "1,000 lines: times the ms of 100";

/**
 * P8: an order's units taken from the inventory by one statement, beside a loop over its lines. Alone, on one connection:
 * what is compared is the work. Each allocation is rolled back, so that all find the same stock.
 */
export const allocation: Figure = {
  id: "P8",
  what: "allocate_inventory, an order of 100 lines",
  unit: "allocations/s",
  targets: [
    { against: LOOP, atLeast: 20 },
    { against: LOOP, detail: OF_1000_LINES, atLeast: 20 },
    // Ten times the lines, and some room for what is not exact.
    { detail: GROWTH, atMost: 12 },
  ],
  async prepare(stage) {
    const store = await stage.makeStore();
    const session = postgres(store.url, {
      max: 1,
      onnotice: () => {},
      connection: { search_path: `${store.schema}, pg_catalog` },
    });
    stage.onEnd(() => session.end());
    await makeProducts(
      store.database,
      Array.from({ length: 1_000 }, () => ({ units: 1_000_000 })),
    );
    const customerId = store.buyers[0]?.userId ?? "";
    await placeOrders(store.sql, customerId);
    await makeLoopInDatabase(session);
    const db = drizzle({ client: session });
    const contestant = (name: string, allocate: Allocate): Contestant => ({
      name,
      round: async () => roundOf(stage, (lines) => timeOne(db, { customerId, lines, allocate })),
    });
    return {
      subject: contestant("allocate_inventory", callOf("allocate_inventory")),
      peers: [
        contestant(LOOP, allocateLineByLine),
        contestant("the loop inside the database", callOf("pg_temp.allocate_in_loop")),
      ],
    };
  },
};

/** A shop that has sold before: PostgreSQL plans for the tables that it knows. */
async function placeOrders(session: postgres.Sql, customerId: string): Promise<void> {
  const [row] = await session<{ placed: number }[]>`
    select count(*) filter (where (place_order(${customerId}, ${MAIN_WAREHOUSE_ID}, lines, n::text)).success)::int as placed
    from generate_series(1, ${ORDERS_BEFORE}::int) as n
    cross join lateral (
      select jsonb_agg(jsonb_build_object('product_id', id, 'quantity', 1)) as lines
      from (select id from products where id % 100 = n % 100) as wanted
    ) as basket`;
  if (row?.placed !== ORDERS_BEFORE) throw new Error(`only ${row?.placed} orders were placed`);
  await session`vacuum analyze`;
}

const ORDERS_BEFORE = 2_000;

type Allocate = (tx: PostgresJsDatabase, orderId: number, warehouseId: number) => Promise<boolean>;

function callOf(name: string): Allocate {
  return async (tx, orderId, warehouseId) => {
    const [row] = await tx.execute<{ allocated: boolean }>(
      sql`select ${sql.raw(name)}(${orderId}, ${warehouseId}) as allocated`,
    );
    return row?.allocated ?? false;
  };
}

/** Half of the round for each size. */
async function roundOf(stage: Stage, time: (lines: number) => Promise<number>): Promise<Sample> {
  const ofHundred = await meanMs(stage, () => time(100));
  const ofThousand = await meanMs(stage, () => time(1_000));
  return {
    value: 1_000 / ofHundred,
    details: {
      "100 lines: ms": ofHundred,
      "1,000 lines: ms": ofThousand,
      [OF_1000_LINES]: 1_000 / ofThousand,
      [GROWTH]: ofThousand / ofHundred,
    },
  };
}

/** Warm-up first, and at least a few, however long one takes. */
async function meanMs({ warmUpMs, roundMs }: Stage, time: () => Promise<number>): Promise<number> {
  await repeat(warmUpMs / 2, time);
  const times = await repeat(roundMs / 2, time);
  return times.reduce((sum, ms) => sum + ms, 0) / times.length;
}

async function repeat(forMs: number, time: () => Promise<number>): Promise<number[]> {
  const endAt = performance.now() + forMs;
  const times: number[] = [];
  while (times.length < TIMES_MIN || performance.now() < endAt) times.push(await time());
  return times;
}

const TIMES_MIN = 3;

/** @returns the ms that the allocation alone took */
async function timeOne(
  db: PostgresJsDatabase,
  { customerId, lines, allocate }: { customerId: string; lines: number; allocate: Allocate },
): Promise<number> {
  let tookMs = Number.NaN;
  const undo = new Error("undone, as meant");
  await db
    .transaction(async (tx) => {
      const orderId = await makeOrder(tx, customerId, lines);
      const startedAt = performance.now();
      const allocated = await allocate(tx, orderId, MAIN_WAREHOUSE_ID);
      tookMs = performance.now() - startedAt;
      if (!allocated) throw new Error("the stock of the bench was not enough");
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  return tookMs;
}

/** An order of that many products, a line each, in no order. */
async function makeOrder(tx: PostgresJsDatabase, customerId: string, lines: number): Promise<number> {
  const [order] = await tx.execute<{ id: number }>(sql`
    insert into orders (customer_id, warehouse_id, request_id, fingerprint, amount_cents)
    values (${customerId}, ${MAIN_WAREHOUSE_ID}, ${crypto.randomUUID()}, '', 1)
    returning id`);
  const orderId = Number(order?.id);
  await tx.execute(sql`
    insert into order_items (order_id, line, product_id, product_name, price_cents, quantity)
    select ${orderId}, row_number() over (order by random()), id, name, price_cents, 2
    from (select * from products order by id limit ${lines}) as wanted`);
  return orderId;
}
