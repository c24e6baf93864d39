import type { Database } from "./database.ts";

/** The connections of a process that serves people: one store, three pools, so that nobody waits for another's purpose. */
export interface Databases {
  /** Where things are changed, and where what a change or a session depends on is read. */
  readonly database: Database;
  /** Where everybody's questions are answered: read only. */
  readonly publicReads: Database;
  /** Where operators' questions are answered, and those of what watches the shop: read only. */
  readonly operatorReads: Database;
}
