import { sql } from "drizzle-orm";
import { check, customType, foreignKey, index, integer, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import { moment, number } from "./columns.ts";

/*
 * The tamper-evident chain: what was recorded is sealed in sets by a worker, after its commit. What the bytes are, and what a
 * set proves: docs/chain.md.
 */

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/** Up to where each table of records is sealed. One row each, made by the migration that added the table to the chain. */
export const chainEnds = pgTable("chain_ends", {
  /** The table. */
  source: text("source").primaryKey(),
  /** What was decided before this is in sets, all of it. */
  sealedUntil: moment("sealed_until").notNull().default("-infinity"),
});

/** Rows of one chain that were sealed together, in the order of their time and id. Never changed. */
export const chainSets = pgTable(
  "chain_sets",
  {
    /** `item:12` for the attempts at an item, else the table. */
    chain: text("chain").notNull(),
    /** From 1, without a gap. */
    number: number("number").notNull(),
    source: text("source").notNull(),
    /** Its rows were decided before this. */
    until: moment("until").notNull(),
    count: integer("count").notNull(),
    /** For each row its id and the first bytes of its digest, so that one that was changed can be named. */
    members: bytea("members").notNull(),
    /** SHA-256 over the head before it and the digests of its rows. */
    head: bytea("head").notNull(),
    sealedAt: moment("sealed_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "chain_sets_one_per_number", columns: [table.chain, table.number] }),
    foreignKey({ name: "chain_sets_of_a_source", columns: [table.source], foreignColumns: [chainEnds.source] }),
    check("chain_sets_number_positive", sql`number > 0`),
    check("chain_sets_name_each_row", sql`count > 0 and octet_length(members) = 24 * count`),
    check("chain_sets_head_is_sha256", sql`octet_length(head) = 32`),
    index("chain_sets_by_time").on(table.source, table.until, table.chain),
  ],
);
