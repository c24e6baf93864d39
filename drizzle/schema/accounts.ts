import { sql } from "drizzle-orm";
import { boolean, check, foreignKey, index, pgTable, text, timestamp, unique, uuid } from "drizzle-orm/pg-core";
import { KEY_SCOPES } from "../../shared/keys.ts";
import { USER_ROLES } from "../../shared/users.ts";

/** As better-auth wants them. */
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: "date" });

/** Everybody who can sign in. A trigger gives each one a wallet. They are never removed. */
export const users = pgTable(
  "users",
  {
    id: uuid("id").primaryKey(),
    name: text("name").notNull(),
    email: text("email").notNull(),
    emailVerified: boolean("email_verified").notNull().default(false),
    image: text("image"),
    role: text("role", { enum: USER_ROLES }).notNull().default("buyer"),
    /** Refunds and credits. */
    mayMoveMoney: boolean("may_move_money").notNull().default(false),
    active: boolean("active").notNull().default(true),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("users_one_per_email").on(table.email),
    check("users_email_is_lower_case", sql`email = lower(email)`),
    check("users_role_known", sql`role in ('buyer', 'auditor', 'operator')`),
    check("users_only_operators_move_money", sql`role = 'operator' or not may_move_money`),
  ],
);

export const sessions = pgTable(
  "sessions",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id").notNull(),
    token: text("token").notNull(),
    expiresAt: moment("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("sessions_one_per_token").on(table.token),
    foreignKey({ name: "sessions_of_a_user", columns: [table.userId], foreignColumns: [users.id] }).onDelete("cascade"),
    index("sessions_by_user").on(table.userId),
    // Sessions that have ended are removed, those that ended first at first.
    index("sessions_by_end").on(table.expiresAt),
  ],
);

/** How a user proves who they are; the password's hash is here and never leaves this table. */
export const accounts = pgTable(
  "accounts",
  {
    id: uuid("id").primaryKey(),
    userId: uuid("user_id").notNull(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: moment("access_token_expires_at"),
    refreshTokenExpiresAt: moment("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    /**
     * Digests of the networks that somebody signed in from, the latest first: whoever guesses a password is slowed down, and
     * this must never shut the owner out. They belong to the account and not to its sessions, which end.
     */
    knownNetworks: text("known_networks").array().notNull().default([]),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [
    unique("accounts_one_per_provider").on(table.providerId, table.accountId),
    foreignKey({ name: "accounts_of_a_user", columns: [table.userId], foreignColumns: [users.id] }).onDelete("cascade"),
    index("accounts_by_user").on(table.userId),
  ],
);

export const verifications = pgTable(
  "verifications",
  {
    id: uuid("id").primaryKey(),
    identifier: text("identifier").notNull(),
    value: text("value").notNull(),
    expiresAt: moment("expires_at").notNull(),
    createdAt: moment("created_at").notNull().defaultNow(),
    updatedAt: moment("updated_at").notNull().defaultNow(),
  },
  (table) => [index("verifications_by_identifier").on(table.identifier)],
);

/**
 * Keys of operators' programs. Of a key only its SHA-256 is stored: it is 32 random bytes, which nobody finds by trying,
 * so a slow hash would only slow down its use.
 */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: uuid("id").primaryKey(),
    ownerId: uuid("owner_id").notNull(),
    name: text("name").notNull(),
    scopes: text("scopes", { enum: KEY_SCOPES }).array().notNull(),
    /** In hexadecimal. */
    hash: text("hash").notNull(),
    createdAt: moment("created_at").notNull(),
    lastUsedAt: moment("last_used_at"),
    expiresAt: moment("expires_at"),
    revokedAt: moment("revoked_at"),
  },
  (table) => [
    unique("api_keys_one_per_hash").on(table.hash),
    foreignKey({ name: "api_keys_of_a_user", columns: [table.ownerId], foreignColumns: [users.id] }),
    index("api_keys_by_owner").on(table.ownerId),
    index("api_keys_by_time").on(table.createdAt, table.id),
  ],
);
