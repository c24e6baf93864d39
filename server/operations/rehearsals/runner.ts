/** What runs rehearsals in the background of a web process. */
export interface RehearsalRunner {
  /** The store of the shop, after which those of rehearsals are named. */
  readonly schema: string;
  /** Runs one whose row is there. What goes wrong stands in the row. */
  begin(rehearsalId: number): void;
  /** Drops what is left of those that have ended. */
  sweep(): Promise<void>;
}
