import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { ChainResult } from "../../shared/chain.ts";
import type { ReconcileResult } from "../../shared/operations.ts";
import { PROOF_KINDS } from "../../shared/proof.ts";
import { identity, moment, number } from "./columns.ts";

/**
 * Runs that somebody asked for in the console, so that everybody sees how far one has come, after a reload and in another
 * process too. They say what somebody looked at, so they are changed, and old ones are removed.
 */
export const proofRuns = pgTable(
  "proof_runs",
  {
    id: identity(),
    kind: text("kind", { enum: PROOF_KINDS }).notNull(),
    startedAt: moment("started_at").notNull(),
    /** When it was last heard of: one whose process has ended is heard of no more. */
    seenAt: moment("seen_at").notNull(),
    /** Checks, or rows. */
    done: number("done").notNull().default(0),
    total: number("total").notNull().default(0),
    endedAt: moment("ended_at"),
    /** Null until it ended, and of one that did not come to a result. */
    result: jsonb("result").$type<ReconcileResult | ChainResult>(),
  },
  (table) => [
    check("proof_runs_kind_known", sql`kind in ('reconcile', 'chain')`),
    uniqueIndex("proof_runs_one_under_way").on(table.kind).where(sql`ended_at is null`),
    index("proof_runs_by_start").on(table.kind, table.startedAt),
  ],
);
