import { sql } from "drizzle-orm";
import type { RehearsalProgress, RehearsalReport, RehearsalState } from "../../../shared/rehearsals.ts";
import type { Database } from "../../database/database.ts";
import { realSaleWithin } from "./refuse-beside-sales.ts";

/**
 * Says how far a rehearsal is and that somebody still runs it.
 *
 * @returns why it is to end; undefined while it may go on
 */
export async function keepLease(
  { db, withTransaction }: Database,
  rehearsalId: number,
  { state, progress }: { readonly state: RehearsalState; readonly progress: RehearsalProgress },
): Promise<WhyOver | undefined> {
  const [kept] = await withTransaction(
    (tx) =>
      tx.execute<{ isStopAsked: boolean; besideRealSales: boolean }>(sql`
        update rehearsals
        set state = ${state}, progress = ${JSON.stringify(progress)}::jsonb,
          lease_until = statement_timestamp() + ${LEASE_MS} * interval '1 millisecond'
        where id = ${rehearsalId} and ended_at is null
        returning stop_asked_at is not null as "isStopAsked", beside_real_sales as "besideRealSales"
      `),
    { name: "rehearsal.keepLease" },
  );
  if (!kept) return { reason: "lost" };
  if (kept.isStopAsked) return { reason: "asked" };
  const sale = kept.besideRealSales ? undefined : await realSaleWithin(db, REAL_SALE_NEAR_MS);
  return sale === undefined ? undefined : { reason: "real sale", sale };
}

/** `lost`: it was taken for dead and ended by somebody else. */
export type WhyOver =
  | { readonly reason: "asked" }
  | { readonly reason: "lost" }
  | { readonly reason: "shop stops" }
  | { readonly reason: "real sale"; readonly sale: string };

/** Longer than a process under full load is silent, and short enough for whoever waits to begin the next one. */
export const LEASE_MS = 20_000;

/** It was planned meanwhile: the rehearsal makes room in time. */
const REAL_SALE_NEAR_MS = 60_000;

/** The end of a rehearsal. Does nothing where it has ended already. @returns whether it was this that ended it */
export async function endRehearsal({ withTransaction }: Database, id: number, end: RehearsalEnd): Promise<boolean> {
  const { state, verdict, report } = end;
  const ended = await withTransaction(
    (tx) =>
      tx.execute(sql`
        update rehearsals
        set state = ${state}, verdict = ${verdict}, went_well = ${report?.wentWell ?? null}::boolean,
          report = ${report === undefined ? null : JSON.stringify(report)}::jsonb, ended_at = statement_timestamp()
        where id = ${id} and ended_at is null
        returning 1
      `),
    { name: "rehearsal.end" },
  );
  return ended.length > 0;
}

export interface RehearsalEnd {
  readonly state: "done" | "stopped" | "failed";
  /** In one sentence. */
  readonly verdict: string;
  readonly report?: RehearsalReport | undefined;
}
