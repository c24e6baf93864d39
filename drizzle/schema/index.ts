/** Every table and view of a store, for Drizzle. The SQL that makes them is in `drizzle/migrations`. */
export * from "./access-codes.ts";
export * from "./accounts.ts";
export * from "./audit.ts";
export * from "./catalogue.ts";
export * from "./chain.ts";
export * from "./figures.ts";
export * from "./fulfilment.ts";
export * from "./money.ts";
export * from "./orders.ts";
export * from "./pictures.ts";
export * from "./proof.ts";
export * from "./reconciliation.ts";
export * from "./rehearsals.ts";
export * from "./sales.ts";
