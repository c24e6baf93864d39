import { createHmac } from "node:crypto";

/** How the shop reaches the warehouse service. */
export interface WarehouseAccess {
  /** Without a slash at its end. */
  readonly url: string;
  /** What it has to be shown. */
  readonly secret: string;
}

/** The secret between shop and warehouse where none is set: made from the shop's own, which it does not give away. */
export function warehouseSecret(shopSecret: string): string {
  return derivedSecret(shopSecret, "warehouse calls");
}

/** The password of the warehouse's own user on the embedded server. */
export function warehousePassword(shopSecret: string): string {
  return derivedSecret(shopSecret, "warehouse database");
}

/** The schema of a store's warehouse: a name of its own, since it may have to share a database with the store. */
export function warehouseSchema(storeSchema: string): string {
  return `${storeSchema}_warehouse`;
}

function derivedSecret(secret: string, purpose: string): string {
  return createHmac("sha256", secret).update(purpose).digest("base64url");
}
