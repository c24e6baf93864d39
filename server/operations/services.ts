import type { Databases } from "../database/databases.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import type { RehearsalRunner } from "./rehearsals/runner.ts";

/** What the verbs of operations work with. */
export interface OperationsServices extends Databases {
  /** Absent where this process knows of none. */
  readonly warehouse: WarehouseClient | undefined;
  /** Runs rehearsals in the background. */
  readonly rehearsals: RehearsalRunner;
  /** Told of what went wrong without making an answer wrong. */
  readonly onError?: ((error: unknown) => void) | undefined;
}
