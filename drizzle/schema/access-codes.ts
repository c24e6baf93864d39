import { sql } from "drizzle-orm";
import { check, foreignKey, index, integer, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";
import { identity, moment, number } from "./columns.ts";
import { sales } from "./sales.ts";

/** What lets buyers into a sale that needs it. Never removed: admissions name it. */
export const accessCodes = pgTable(
  "access_codes",
  {
    id: identity(),
    saleId: number("sale_id").notNull(),
    /** As it is compared: `normalCode`. */
    code: text("code").notNull(),
    uses: integer("uses").notNull().default(0),
    /** Null for any number. */
    usesMax: integer("uses_max"),
    createdAt: moment("created_at").notNull(),
    removedAt: moment("removed_at"),
  },
  (table) => [
    unique("access_codes_one_per_sale").on(table.saleId, table.code),
    foreignKey({ name: "access_codes_of_a_sale", columns: [table.saleId], foreignColumns: [sales.id] }),
    check("access_codes_not_empty", sql`code <> ''`),
    check("access_codes_never_overused", sql`uses between 0 and coalesce(uses_max, uses)`),
    check("access_codes_uses_positive", sql`uses_max > 0`),
  ],
);

/** Who is in a sale, once each. Never changed. */
export const saleAdmissions = pgTable(
  "sale_admissions",
  {
    userId: uuid("user_id").notNull(),
    saleId: number("sale_id").notNull(),
    codeId: number("code_id").notNull(),
    admittedAt: moment("admitted_at").notNull(),
  },
  (table) => [
    // By the user first: a purchase looks for those of its buyer.
    primaryKey({ name: "sale_admissions_one_per_user_and_sale", columns: [table.userId, table.saleId] }),
    foreignKey({ name: "sale_admissions_of_a_user", columns: [table.userId], foreignColumns: [users.id] }),
    foreignKey({ name: "sale_admissions_by_a_code", columns: [table.codeId], foreignColumns: [accessCodes.id] }),
    index("sale_admissions_by_code").on(table.codeId),
  ],
);
