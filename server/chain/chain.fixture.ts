import type { ChainHead, ChainResult } from "../../shared/chain.ts";
import type { Database } from "../database/database.ts";
import { eventually } from "../testing/eventually.ts";
import type { TestDatabase } from "../testing/test-database.ts";
import { isOver, takeMark } from "./mark.ts";
import { sealBefore } from "./seal-regularly.ts";
import { verifyChain } from "./verify.ts";

/** Seals all that is there by now. */
export async function sealNow(database: Database, rowsMax?: number): Promise<void> {
  const mark = await takeMark(database);
  await eventually("whatever was decided before is committed", () => isOver(database, mark));
  while (await sealBefore(database, mark, { lagMs: 0, ...(rowsMax && { rowsMax }) }));
}

export async function verified(
  database: Pick<Database, "db">,
  options: { published?: readonly ChainHead[] } = {},
): Promise<ChainResult> {
  const run = verifyChain(database, options);
  for (;;) {
    const step = await run.next();
    if (step.done) return step.value;
  }
}

/** Does what the database itself would refuse, as its superuser can. */
export async function tamper(test: TestDatabase, ...statements: string[]): Promise<void> {
  await test.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    for (const statement of statements) await sql.unsafe(statement);
  });
}
