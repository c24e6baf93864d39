import { sql } from "drizzle-orm";
import { nextFlight } from "../concurrency/single-flight.ts";
import type { Database } from "../database/database.ts";

/**
 * Knows which goods the shop has received and the warehouse has not yet. A unit can be sold from the moment of its receipt,
 * so a dispatch may be due before the units it sends out have been brought in: it has to wait for them.
 *
 *   receipt committed with its task ──▶ sold ──▶ dispatch stored ──▶ claimed ──▶ reading begins
 *
 * So a reading that begins after a dispatch was claimed sees all receipts that it may depend on. It waits for every open one
 * of its products, those that came after it too: there is nothing to tell them apart by, since ids may come from several
 * counters and times from several clocks. Receipts are done first, so that costs a moment.
 */
export function arrivals(database: Database): Arrivals {
  const read = nextFlight(() => readAwaited(database));
  return {
    async waitMs(productIds) {
      const awaited = await read();
      return Math.max(0, ...awaited.flatMap(({ productId, waitMs }) => (productIds.has(productId) ? waitMs : [])));
    },
  };
}

interface Arrivals {
  /** How long a dispatch of these products has to wait for goods on their way in, in milliseconds; 0 when it need not. */
  waitMs(productIds: ReadonlySet<number>): Promise<number>;
}

async function readAwaited({ db }: Database): Promise<Awaited[]> {
  return db.execute<Awaited>(sql`
    select
      line -> 'productId' as "productId",
      max(
        case
          when due_at is null then ${STUCK_WAIT_MS}
          -- On its way: what is due is the end of its lease.
          when status = 'PROCESSING' then ${WAIT_MS}
          else greatest(extract(epoch from due_at - now()) * 1000, 0) + ${WAIT_MS}
        end
      )::float8 as "waitMs"
    from tasks
    -- One that makes no sense holds up nobody.
    cross join jsonb_array_elements(
      case jsonb_typeof(payload -> 'lines') when 'array' then payload -> 'lines' else '[]' end
    ) as line
    where kind = 'receive' and status not in ('COMPLETED', 'CANCELLED')
    group by line -> 'productId'
  `);
}

/** For the receipt's own attempt, from when it begins. */
const WAIT_MS = 500;

/** Behind a receipt that waits for an operator. */
const STUCK_WAIT_MS = 30_000;

interface Awaited extends Record<string, unknown> {
  readonly productId: number;
  readonly waitMs: number;
}
