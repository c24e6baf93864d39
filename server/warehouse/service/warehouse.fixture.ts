import { expect } from "vitest";
import type { WarehouseAnswer } from "../../../shared/warehouse.ts";
import { createLogger } from "../../processes/logger.ts";
import { eventually } from "../../testing/eventually.ts";
import { hold } from "../../testing/hold.ts";
import type { TestDatabase } from "../../testing/test-database.ts";
import { startWarehouse, type WarehouseOptions } from "./start-warehouse.ts";

export const WAREHOUSE_SECRET = "s3cr3t-between-shop-and-warehouse";
export const METRICS_TOKEN = "t0ken-of-who-measures";
export const WAREHOUSE_SCHEMA = "warehouse";

export const TEST_POOL_SIZE = 8;

/** The real service on a test's database and a free port. */
export interface TestWarehouse extends AsyncDisposable {
  readonly url: string;
  /** Everything that was logged, a line each. */
  readonly logged: () => Record<string, unknown>[];
  readonly errors: unknown[];
  /** Sends a request with the secret; JSON in and out. */
  send(path: string, request?: TestRequest): Promise<TestAnswer>;
  dispatch(key: string, lines: readonly Line[], reference?: string): Promise<TestAnswer<WarehouseAnswer>>;
  /** Takes goods in; what the test is not about has usual values. */
  receive(key: string, lines: readonly Line[]): Promise<TestAnswer<WarehouseAnswer>>;
  /** Units on hand. */
  stockOf(productId: number): Promise<number | undefined>;
  /** The value of a sample at `/metrics`, named with its labels as they stand there. */
  metric(sample: string): Promise<number | undefined>;
  close(): Promise<void>;
}

export type Line = readonly [productId: number, quantity: number];

export interface TestRequest {
  readonly method?: string;
  /** Null sends none. */
  readonly secret?: string | null;
  readonly headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
export interface TestAnswer<Body = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
}

export async function startTestWarehouse(
  test: TestDatabase,
  options: Partial<WarehouseOptions> = {},
): Promise<TestWarehouse> {
  const lines: string[] = [];
  const errors: unknown[] = [];
  const warehouse = await startWarehouse({
    databaseUrl: test.url,
    schema: WAREHOUSE_SCHEMA,
    host: "127.0.0.1",
    port: 0,
    secrets: [WAREHOUSE_SECRET],
    metricsToken: METRICS_TOKEN,
    logger: createLogger({ mode: "production", logLevel: "info" }, { write: (line) => void lines.push(line) }),
    chaosAllowed: [],
    poolSize: TEST_POOL_SIZE,
    crash: () => {
      throw new Error("the test did not expect a crash");
    },
    onError: (error) => void errors.push(error),
    ...options,
  });
  return {
    ...callerOf(warehouse.url),
    url: warehouse.url,
    logged: () => lines.map((line) => JSON.parse(line)),
    errors,
    close: () => warehouse.close(),
    [Symbol.asyncDispose]: () => warehouse.close(),
  };
}

/** Speaks to a warehouse wherever it runs. */
export function callerOf(url: string): Pick<TestWarehouse, "send" | "dispatch" | "receive" | "stockOf" | "metric"> {
  async function send(
    path: string,
    { method, secret, headers = {}, body, signal }: TestRequest = {},
  ): Promise<TestAnswer> {
    const response = await fetch(`${url}${path}`, {
      ...(signal && { signal }),
      method: method ?? (body === undefined ? "GET" : "POST"),
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(secret !== null && { authorization: `Bearer ${secret ?? WAREHOUSE_SECRET}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }
  const keyed = (path: string, key: string, body: unknown) => send(path, { headers: { "idempotency-key": key }, body });
  return {
    send,
    dispatch: (key, lines, reference = `for-${key}`) =>
      keyed("/inventory/dispatch", key, {
        reference,
        lines: lines.map(([productId, quantity]) => ({ productId, quantity })),
      }),
    receive: (key, lines) =>
      keyed("/inventory/receive", key, {
        reference: key,
        lines: lines.map(([productId, quantity]) => ({ productId, quantity, name: `Product ${productId}` })),
      }),
    async stockOf(productId) {
      const { body } = await send(`/inventory?search=${productId}`);
      const found = body.items.find((product: { productId: number }) => product.productId === productId);
      return found?.stockQuantity;
    },
    async metric(sample) {
      const { text } = await send("/metrics", { secret: METRICS_TOKEN });
      const line = text.split("\n").find((each) => each.startsWith(`${sample} `));
      return line === undefined ? undefined : Number(line.slice(sample.length));
    },
  };
}

/** Holds the history against the stock: each product's changes follow each other without a gap, from nothing to now. */
export async function expectHistoryToAddUp({ sql }: TestDatabase, schema = WAREHOUSE_SCHEMA): Promise<void> {
  const broken = await sql`
    with chained as (
      select *,
        lag(new_stock, 1, 0::bigint) over history as expected_previous,
        row_number() over (partition by product_id order by id desc) = 1 as is_last
      from ${sql(schema)}.inventory_updates
      window history as (partition by product_id order by id)
    )
    select 'previous + change <> new' as what, id from chained where previous_stock + quantity_change <> new_stock
    union all
    select 'a gap in the chain', id from chained where previous_stock <> expected_previous
    union all
    select 'the last one is not the stock', product_id
    from ${sql(schema)}.products
    left join chained using (product_id)
    where coalesce(chained.is_last, true) and coalesce(chained.new_stock, 0) <> products.stock_quantity`;
  expect([...broken]).toEqual([]);
}

/**
 * Makes requests that all want one product meet: holds its row until as many transactions of the service wait as are to
 * meet, then lets them go.
 */
export async function meetAt<T>(
  { sql }: TestDatabase,
  { productId, waiting }: { productId: number; waiting: number },
  send: () => Promise<T>,
  whileWaiting: () => unknown = () => {},
): Promise<T> {
  const held = `select from ${WAREHOUSE_SCHEMA}.products where product_id = ${productId} for update`;
  await using holder = await hold({ sql }, held);
  const sent = send();
  sent.catch(() => {});
  await eventually(`${waiting} wait`, async () => {
    const [row] = await sql`
      select count(*)::int as found from pg_stat_activity
      where wait_event_type = 'Lock' and application_name = 'doorbuster warehouse' and datname = current_database()`;
    return row?.found === waiting;
  });
  await whileWaiting();
  await holder.release();
  return await sent;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
