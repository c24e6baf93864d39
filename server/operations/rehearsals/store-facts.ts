import { sql } from "drizzle-orm";
import type { Database } from "../../database/database.ts";
import type { StoreFacts } from "./report.ts";

/** @param database the rehearsal's store */
export async function readStoreFacts({ db }: Pick<Database, "db">, saleId: number): Promise<StoreFacts> {
  const [facts] = await db.execute<StoreFacts & Record<string, unknown>>(sql`
    with sold as (
      select item_id, count(*)::int as purchases, sum(quantity) as units
      from purchase_attempts
      where refusal_code is null and item_id in (select id from items where sale_id = ${saleId})
      group by item_id
    )
    select
      sum(items.allotted)::float8 as "unitsAllotted",
      coalesce(sum(sold.units), 0)::float8 as "unitsSold",
      coalesce(sum(sold.purchases), 0)::int as purchases,
      sum(greatest(0, coalesce(sold.units, 0) - items.allotted))::float8 as oversold,
      case when sum(items.remaining) = 0
        then (extract(epoch from max(items.last_sold_at) - min(sales.starts_at)) * 1000)::int
      end as "soldOutAfterMs"
    from items
    join sales on sales.id = items.sale_id
    left join sold on sold.item_id = items.id
    where items.sale_id = ${saleId}
  `);
  if (!facts) throw new Error(`the rehearsal's store has no sale ${saleId}`);
  return facts;
}
