import type { PostgresJsSession } from "drizzle-orm/postgres-js";
import type { Row } from "./connection.ts";
import type { Statement } from "./prepared-statement.ts";
import { COMMIT_AT_ONCE, Transaction } from "./transaction.ts";
import { toParameter } from "./values.ts";
import type { Tx } from "./with-transaction.ts";

export type { Row } from "./connection.ts";

/**
 * Sends several statements in one round trip on the transaction's own connection and answers their rows, in order. Each
 * text is prepared once per connection: the first time costs two round trips a statement.
 *
 * Values follow the rules of `values.ts`: arrays are PostgreSQL arrays (`unnest($1::uuid[])`), bigint columns arrive as
 * numbers, timestamps as strings; names of columns are those of the SQL.
 *
 * The statements run one after the other; after one that fails the rest fail too, with the transaction.
 *
 * @throws the error of the first statement that failed
 */
export async function pipeline(tx: Tx, statements: readonly Statement[]): Promise<Row[][]> {
  return send(transactionOf(tx), statements);
}

/**
 * `pipeline` for the last statements of a transaction: COMMIT travels with them, which saves its round trip. A statement
 * that fails turns COMMIT into ROLLBACK. Call it as the last act of the transaction's work; when it has answered, the
 * transaction is committed, and whatever the work still throws does not undo it.
 *
 * @throws as `pipeline`; UnknownOutcomeError when the connection ended
 */
export async function pipelineAndCommit(tx: Tx, statements: readonly Statement[]): Promise<Row[][]> {
  const transaction = transactionOf(tx);
  return transaction.finish(() => send(transaction, statements), COMMIT_AT_ONCE);
}

async function send(transaction: Transaction, statements: readonly Statement[]): Promise<Row[][]> {
  const bound = statements.map(({ text, params }) => ({ text, params: params.map(toParameter) }));
  return Promise.all(bound.map(({ text, params }) => transaction.run(text, params, { prepare: true })));
}

function transactionOf(tx: Tx): Transaction {
  const client: unknown = (tx._.session as unknown as PostgresJsSession<never, never, never>).client;
  if (client instanceof Transaction) return client;
  throw new TypeError("pipeline() needs a transaction that was begun on a Database");
}
