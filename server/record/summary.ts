import { type SQL, sql } from "drizzle-orm";
import { items, orderItems, orderRefunds, orders, products, refunds, sales } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import { CURRENCY } from "../../shared/money.ts";
import type { Summary, SummaryDay, SummaryFilter, SummaryItem } from "../../shared/record.ts";
import type { MovementKind } from "../../shared/wallets.ts";
import type { Database, Tx } from "../database/database.ts";
import { postgresErrorOf } from "../database/sqlstate.ts";
import { isoTime } from "../database/times.ts";
import { firstIdAt, MARGIN_MS } from "./attempts.ts";

/**
 * What was sold, given back and paid in over some days of a time zone, by day and by what was sold, in one snapshot. Every
 * movement of the ledger is in it once. Orders and their refunds are counted by their lines, which add up to what was paid.
 *
 * @throws Fault INVALID_INPUT for a time zone that the database does not know
 */
export async function summarise(database: Database, filter: SummaryFilter): Promise<Summary> {
  return database.withTransaction(
    async (tx) => {
      // It reads whole days, unlike all else on these connections.
      for (const method of METHODS) await tx.execute(sql.raw(`set local ${method} = on`));
      const period = await periodOf(tx, filter);
      const sums = await readSums(tx, filter, period);
      const byDay = sums.filter(({ day }) => day !== null);
      const byItem = sums.filter(({ day }) => day === null);
      return {
        currency: CURRENCY,
        days: daysOf(byDay),
        items: await itemsOf(tx, byItem),
        total: totalOf(byDay),
      };
    },
    { name: "record.summary", isolation: "repeatable read", readOnly: true, statementMsMax: 9_000 },
  );
}

const METHODS = ["enable_seqscan", "enable_hashjoin", "enable_mergejoin"];

/** When the first day begins and the last one is over: a day of a time zone may have 23 or 25 hours. */
async function periodOf(tx: Tx, { first, last, zone }: SummaryFilter): Promise<Period> {
  try {
    const [row] = await tx.execute<{ from: string; to: string; fromMs: number; toMs: number }>(sql`
      select began::text as "from", ended::text as "to",
        (extract(epoch from began) * 1000)::float8 as "fromMs", (extract(epoch from ended) * 1000)::float8 as "toMs"
      from (
        select ${first}::date::timestamp at time zone ${zone}, (${last}::date + 1)::timestamp at time zone ${zone}
      ) as period (began, ended)
    `);
    if (!row) throw new Error("the database answered no period");
    return row;
  } catch (error) {
    if (postgresErrorOf(error)?.code !== INVALID_PARAMETER) throw error;
    throw new Fault("INVALID_INPUT", `The database knows no time zone called ${zone}.`, { cause: error });
  }
}

const INVALID_PARAMETER = "22023";

interface Period {
  readonly from: string;
  readonly to: string;
  readonly fromMs: number;
  readonly toMs: number;
}

async function readSums(tx: Tx, { zone, saleId }: SummaryFilter, period: Period): Promise<readonly SumRow[]> {
  const within = (at: SQL) => sql`${at} >= ${period.from}::timestamptz and ${at} < ${period.to}::timestamptz`;
  const ofSale =
    saleId === undefined
      ? sql`true`
      : sql`item_id in (select ${items.id} from ${items} where ${items.saleId} = ${saleId})`;
  // Money that came in, and orders, belong to no sale.
  const ofNoSale = saleId === undefined ? sql`true` : sql`false`;
  return tx.execute<SumRow>(sql`
    select day, kind, item_id as "itemId", product_id as "productId",
      -- Of a day each order once, by its first line; of a product each order that has it.
      case when grouping(day) = 0 then sum(times) else count(*) end::bigint as count,
      sum(units)::bigint as units, sum(cents)::bigint as cents
    from (
      select (at at time zone ${zone})::date::text as day, moved.*
      from (
      select 'purchase' as kind, decided_at as at, item_id, null::bigint as product_id, 1 as times,
        quantity as units, amount_cents as cents
      from purchase_attempts
      where position is not null and ${ofSale} and ${within(sql`decided_at`)}
        and id >= ${firstIdAt(period.fromMs - MARGIN_MS)} and id < ${firstIdAt(period.toMs + MARGIN_MS)}
      union all
      select 'refund', refunded_at, item_id, null, 1, quantity, amount_cents
      from ${refunds}
      where ${ofSale} and ${within(sql`refunded_at`)}
      union all
      select 'order', paid_at, null, product_id, (min(line) = 1)::integer, sum(quantity), sum(price_cents * quantity)
      from ${orders}
      join ${orderItems} on order_id = ${orders.id}
      where ${ofNoSale} and ${within(sql`paid_at`)}
        and created_at >= ${period.from}::timestamptz - interval '1 hour' and created_at < ${period.to}::timestamptz
      group by order_id, paid_at, product_id
      union all
      select 'order_refund', refunded_at, null, product_id, (min(line) = 1)::integer, sum(quantity),
        sum(price_cents * quantity)
      from ${orderRefunds}
      join ${orderItems} on ${orderItems.orderId} = ${orderRefunds.orderId}
      where ${ofNoSale} and ${within(sql`refunded_at`)}
      group by ${orderRefunds.orderId}, refunded_at, product_id
      union all
      select kind, credited_at, null, null, 1, 0, amount_cents
      from credits
      where ${ofNoSale} and ${within(sql`credited_at`)}
      ) as moved
    ) as dated
    group by grouping sets ((day, kind), (kind, item_id, product_id))
  `);
}

interface SumRow extends Record<string, unknown> {
  readonly day: string | null;
  readonly kind: MovementKind;
  readonly itemId: number | null;
  readonly productId: number | null;
  readonly count: number;
  readonly units: number;
  readonly cents: number;
}

function daysOf(rows: readonly SumRow[]): SummaryDay[] {
  const days = [...new Set(rows.map(({ day }) => day ?? ""))].sort();
  return days.map((day) => ({ day, ...totalOf(rows.filter((row) => row.day === day)) }));
}

async function itemsOf(tx: Tx, rows: readonly SumRow[]): Promise<SummaryItem[]> {
  const sold = rows.filter(({ itemId, productId }) => itemId !== null || productId !== null);
  const named = await tx.execute<Omit<SummaryItem, keyof ReturnType<typeof soldOf>> & Row>(sql`
    select sale_id as "saleId", ${sales.name} as "saleName", starts_at as "saleStartsAt", ${items.id} as "itemId", product_id as "productId",
      ${items.name} as name
    from ${items}
    join ${sales} on ${sales.id} = sale_id
    where ${items.id} = any(${sql.param(sold.flatMap(({ itemId }) => itemId ?? []))}::bigint[])
    union all
    select null, null, null, null, id, name
    from ${products}
    where id = any(${sql.param(sold.flatMap(({ productId }) => productId ?? []))}::bigint[])
    order by "saleId" nulls last, "itemId", "productId"
  `);
  return named.map((name) => {
    const { itemId, productId } = name;
    const own = sold.filter((row) => (itemId === null ? row.productId === productId : row.itemId === itemId));
    return { ...name, saleStartsAt: name.saleStartsAt && isoTime(name.saleStartsAt), ...soldOf(own) };
  });
}

type Row = Record<string, unknown>;

function totalOf(rows: readonly SumRow[]): Summary["total"] {
  const centsOf = (kind: MovementKind) => sumOf(rows, [kind]).cents;
  return {
    ...soldOf(rows),
    openingCents: centsOf("opening"),
    topUpCents: centsOf("top_up"),
    creditCents: centsOf("credit"),
  };
}

function soldOf(rows: readonly SumRow[]): Pick<SummaryDay, "sold" | "refunded" | "netCents"> {
  const [sold, refunded] = [sumOf(rows, ["purchase", "order"]), sumOf(rows, ["refund", "order_refund"])];
  return { sold, refunded, netCents: sold.cents - refunded.cents };
}

function sumOf(rows: readonly SumRow[], kinds: readonly MovementKind[]): SummaryDay["sold"] {
  const sum = { count: 0, units: 0, cents: 0 };
  for (const row of rows) {
    if (!kinds.includes(row.kind)) continue;
    sum.count += row.count;
    sum.units += row.units;
    sum.cents += row.cents;
  }
  return sum;
}
