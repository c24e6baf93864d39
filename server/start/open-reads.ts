import { type Database, type DatabaseOptions, openDatabase } from "../database/database.ts";

/**
 * Connections on which questions are answered, apart from those on which things are bought: however many ask, and
 * whatever they ask for, no purchase waits behind them. Operators have others than the public, so that neither waits for
 * the other. What a session's look-up or a decision needs to know is read where that is done.
 */
export interface OpenedReads {
  /** For everybody, buyers among them. */
  readonly publicReads: Database;
  /** For operators and for what watches the shop. */
  readonly operatorReads: Database;
  close(): Promise<void>;
}

/** @throws DatabaseError with one sentence */
export async function openReads(store: Pick<DatabaseOptions, "url" | "schema">): Promise<OpenedReads> {
  const publicReads = await openDatabase({ ...store, ...PUBLIC_READS });
  const operatorReads = await openDatabase({ ...store, ...OPERATOR_READS }).catch(async (error) => {
    await publicReads.close();
    throw error;
  });
  return {
    publicReads,
    operatorReads,
    async close() {
      await Promise.all([publicReads.close(), operatorReads.close()]);
    },
  };
}

/**
 * What a page asks for takes a millisecond or two, so that four connections answer more than one process can send. What
 * takes half a second is an attack or a fault, and it is better to be told so than to wait.
 */
export const PUBLIC_READS = {
  poolSize: 4,
  applicationName: "doorbuster public reads",
  defaults: { readOnly: true, statementMsMax: 500, deadlineMs: 3_000 },
} as const;

/** A reconciliation keeps one of them for as long as it takes, the console's costly questions (all shared) another. */
export const OPERATOR_READS = {
  poolSize: 3,
  applicationName: "doorbuster operators' reads",
  defaults: { readOnly: true, statementMsMax: 5_000 },
} as const;
