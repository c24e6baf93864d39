import { sql } from "drizzle-orm";
import type { Breaker, BreakerState } from "../../shared/warehouse.ts";
import type { Database } from "../database/database.ts";
import { isoTime } from "../database/times.ts";
import { BREAKER_OPEN_MS } from "./client/circuit-breaker.ts";

/**
 * The circuit breakers of all processes that call the warehouse, as `record-breaker.ts` stored them. A process that is gone
 * says so to nobody: one whose breaker is not closed changes its state every few seconds, so that one which has not done so
 * for a minute is left out; and so is one that has told nothing for a day.
 */
export async function readBreaker({ db }: Pick<Database, "db">): Promise<Breaker> {
  const latest = await db.execute<Row>(sql`
    select instance, from_state as "from", to_state as "to", reason, at
    from (
      select distinct on (instance) *
      from breaker_transitions
      order by instance, id desc
    ) as last
    where at > statement_timestamp() - case to_state when 'closed' then interval '1 day' else interval '1 minute' end
    order by instance
  `);
  const changes = await db.execute<Row>(sql`
    select instance, from_state as "from", to_state as "to", reason, at
    from breaker_transitions
    where from_state <> to_state
    order by id desc
    limit ${TRANSITIONS_MAX}
  `);
  const instances = latest.map(({ instance, to, at }) => ({
    instance,
    state: to,
    since: isoTime(at),
    halfOpenAt: to === "open" ? isoTime(Date.parse(at) + BREAKER_OPEN_MS) : null,
  }));
  const states = new Set(instances.map(({ state }) => state));
  return {
    state: WORST_FIRST.find((state) => states.has(state)) ?? "closed",
    instances,
    transitions: changes.map(({ at, ...change }) => ({ ...change, at: isoTime(at) })),
  };
}

const WORST_FIRST: readonly BreakerState[] = ["open", "half-open", "closed"];

/** The latest ones: two outages, or an hour of one. */
const TRANSITIONS_MAX = 50;

interface Row extends Record<string, unknown> {
  readonly instance: string;
  readonly from: BreakerState;
  readonly to: BreakerState;
  readonly reason: string | null;
  readonly at: string;
}
