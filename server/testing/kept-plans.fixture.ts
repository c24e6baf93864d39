import type postgres from "postgres";
import { expect, vi } from "vitest";
import { Connection } from "../database/connection.ts";
import type { Database } from "../database/database.ts";

/*
 * Plans that are kept are made once in the life of a connection, whatever the tables hold then and will hold later. So a
 * statement that is run often has to be looked up by the right index in every state that its tables may be in.
 */

/** What may have become of a table before a plan is made. */
export const TABLE_STATES: Record<string, (sql: postgres.Sql, fill: Fill) => Promise<unknown>> = {
  "is new": async () => {},
  "was vacuumed while it was empty": (sql) => sql`vacuum analyze`,
  "was vacuumed with a few rows": async (sql, fill) => {
    await fill({ from: 1, to: 3 });
    await sql`vacuum analyze`;
  },
  "has grown since it was vacuumed": async (sql, fill) => {
    await fill({ from: 1, to: 3 });
    await sql`vacuum analyze`;
    await fill({ from: 4, to: GROWN });
  },
  "has grown and was vacuumed, but not analysed": async (sql, fill) => {
    await fill({ from: 1, to: 3 });
    await sql`vacuum analyze`;
    await fill({ from: 4, to: GROWN });
    await sql`vacuum`;
  },
  "was loaded and never looked at": (_sql, fill) => fill({ from: 1, to: GROWN }),
  "was loaded and analysed": async (sql, fill) => {
    await fill({ from: 1, to: GROWN });
    await sql`vacuum analyze`;
  },
};

/** Adds rows with these numbers to the tables that a test is about. */
export type Fill = (rows: { from: number; to: number }) => Promise<unknown>;

/** Enough that going through them is dearer than looking some up, by the planner's reckoning. */
const GROWN = 5_000;

/** Statistics are to stay as the test leaves them. */
export async function withoutAutovacuum(sql: postgres.Sql, tables: readonly string[]): Promise<void> {
  for (const table of tables) await sql.unsafe(`alter table ${table} set (autovacuum_enabled = off)`);
}

/** Fails unless the plan that a connection keeps for the statement looks up every row by an index. */
export async function expectLookUps(database: Database, text: string): Promise<void> {
  const nodes = await keptPlan(database, text);
  for (const node of nodes) {
    expect(["Seq Scan", "Materialize", "Hash Join", "Merge Join"]).not.toContain(node["Node Type"]);
    if (/Index.* Scan/.test(node["Node Type"])) expect(node).toHaveProperty("Index Cond");
  }
}

/** The texts of the statements that `work` sends, apart from those that begin and end transactions. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const run = vi.spyOn(Connection.prototype, "run");
  try {
    await work();
    return run.mock.calls.map(([text]) => text).filter((text) => !/^(begin|commit|rollback)/.test(text));
  } finally {
    run.mockRestore();
  }
}

async function keptPlan(database: Database, text: string): Promise<PlanNode[]> {
  const rows = await database.withTransaction(
    async (tx) => {
      const { client } = (tx as unknown as { session: { client: Client } }).session;
      const parameters = new Set(text.match(/\$\d+/g)).size;
      await client.run(`prepare kept as ${text}`);
      const plan = await client.run(
        `explain (format json) execute kept${parameters > 0 ? ` (${Array(parameters).fill("null")})` : ""}`,
      );
      await client.run("deallocate kept");
      return plan;
    },
    { keepPlans: true },
  );
  const [row] = rows as { "QUERY PLAN": [{ Plan: PlanNode }] }[];
  if (!row) throw new Error("no plan");
  return nodesOf(row["QUERY PLAN"][0].Plan);
}

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

interface PlanNode {
  "Node Type": string;
  Plans?: PlanNode[];
}

interface Client {
  run(text: string): Promise<Record<string, unknown>[]>;
}
