import { type SQL, sql } from "drizzle-orm";
import type { ReconcileResult } from "../../../shared/operations.ts";
import type { Tx } from "../../database/database.ts";
import type { Rows } from "./rows.ts";

/** An invariant of the shop, as queries over all rows, or over those that are new. */
export interface Check {
  readonly name: string;
  /** What holds, in words. */
  readonly holds: string;
  /** Left to a run over everything, for the reason that stands beside it. */
  readonly isFullOnly?: true;
  /** A table or subquery: what is looked at. */
  subjects(rows: Rows): SQL;
  /** Yields a sentence for each row that breaks the invariant. */
  violations(rows: Rows): SQL;
}

/**
 * Puts checks to the database one after the other, and its answers into sentences.
 *
 * @throws the reason of `signal`, between two of them
 */
export async function runChecks(
  tx: Tx,
  checks: readonly Check[],
  { rows, signal, onCheck }: { rows: Rows; signal?: AbortSignal | undefined; onCheck?: OnCheck | undefined },
): Promise<ReconcileResult["checks"]> {
  const counts = new Map<SQL, number>();
  const results: ReconcileResult["checks"] = [];
  for (const { name, holds, subjects, violations } of checks) {
    signal?.throwIfAborted();
    onCheck?.(results.length, checks.length);
    const counted = subjects(rows);
    const count = counts.get(counted) ?? (await countRows(tx, counted));
    counts.set(counted, count);
    const [found] = await tx.execute<{ count: number; shown: string[] | null }>(sql`
      with violations as (select violation from (${violations(rows)}) as found (violation))
      select
        (select count(*) from violations) as count,
        (select array_agg(violation) from (select violation from violations limit ${SHOWN_MAX}) as shown) as shown
    `);
    if (!found) throw new Error(`the check "${name}" answered nothing`);
    const ok = found.count === 0;
    const detail = ok
      ? `${holds} (${count} checked)`
      : `${brokenWords(found.count)}: ${holds}. ${(found.shown ?? []).join("; ")}`;
    results.push({ name, ok, detail });
  }
  return results;
}

/** Told before each check how many are done, of how many. */
export type OnCheck = (done: number, total: number) => void;

async function countRows(tx: Tx, rows: SQL): Promise<number> {
  const [counted] = await tx.execute<{ count: number }>(sql`select count(*) as count from ${rows} as subjects`);
  return counted?.count ?? 0;
}

/** How often something does not hold that always should, as the beginning of a sentence. */
export function brokenWords(violations: number): string {
  return violations === 1 ? "Broken once" : `Broken ${violations} times`;
}

/** A broken invariant is shown by its first violations. */
export const SHOWN_MAX = 5;
