import type { Config } from "../config.ts";
import type { ShopGround, WarehouseGround } from "../ground.ts";
import type { Failed } from "./child-messages.ts";

/* What the first process and those of a role say to each other. */

export type ToRoleProcess<Instructions> =
  | { readonly kind: "begin"; readonly instructions: Instructions }
  /** Finish what is under way, and end. */
  | { readonly kind: "stop" };

export type FromRoleProcess =
  /** Waits for its instructions. */
  | { readonly kind: "here" }
  /** Works. */
  | { readonly kind: "ready" }
  | Failed;

/** No more than it needs: it signs no sessions and changes no tables. */
export interface WorkerInstructions extends Pick<ShopGround, "databaseUrl" | "warehouse"> {
  readonly config: Pick<Config, "mode" | "logLevel" | "databaseSchema" | "port" | "roles">;
}

export interface WarehouseInstructions extends WarehouseGround {
  /** No secret of the shop's is among it. */
  readonly config: Pick<Config, "mode" | "logLevel" | "databaseSchema" | "poolSize" | "chaosAllowed">;
  /** Faults that this start begins with. */
  readonly chaos: Config["chaos"];
}
