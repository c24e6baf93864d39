/** Every table and view of a store, for Drizzle. The SQL that makes them is in `drizzle/migrations`. */
export * from "./accounts.ts";
export * from "./audit.ts";
export * from "./money.ts";
export * from "./sales.ts";
