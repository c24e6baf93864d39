import { sql } from "drizzle-orm";
import { check, customType, foreignKey, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { users } from "./accounts.ts";
import { moment } from "./columns.ts";

const bytes = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/**
 * What operators uploaded, re-encoded, in each size: here and not in files, so that every process has it, and a copy of
 * the database too. Never changed nor removed: what is sold keeps the address of its picture.
 */
export const pictures = pgTable(
  "pictures",
  {
    /** SHA-256 of the file that was uploaded. */
    hash: text("hash").notNull(),
    /** The size's; the picture itself may be narrower. */
    width: integer("width").notNull(),
    webp: bytes("webp").notNull(),
    uploadedBy: uuid("uploaded_by").notNull(),
    uploadedAt: moment("uploaded_at").notNull(),
  },
  (table) => [
    primaryKey({ name: "pictures_one_per_size", columns: [table.hash, table.width] }),
    foreignKey({ name: "pictures_uploaded_by_a_user", columns: [table.uploadedBy], foreignColumns: [users.id] }),
    check("pictures_hash_of_sha_256", sql`hash ~ '^[0-9a-f]{64}$'`),
    check("pictures_width_positive", sql`width > 0`),
  ],
);
