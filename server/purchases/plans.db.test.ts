import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PreparedStatement } from "../database/prepared-statement.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import * as reads from "./read-statements.ts";
import * as writes from "./write-statements.ts";

const { lockItems, ...otherReads } = reads;
const STATEMENTS: [string, PreparedStatement][] = Object.entries({
  lockItemsWaiting: lockItems.wait,
  lockItemsSkipping: lockItems.skip,
  ...otherReads,
  ...writes,
});

interface PlanNode {
  "Node Type": string;
  "Index Cond"?: string;
  Plans?: PlanNode[];
}

let test: TestDatabase;

/** Tables that were vacuumed while they were empty look as if they would stay so. */
describe.each(["new", "vacuumed"])("planned on a database that is %s", (state) => {
  beforeAll(async () => {
    test = await createTestDatabase();
    if (state === "vacuumed") await test.sql`vacuum analyze`;
  });

  afterAll(() => test[Symbol.asyncDispose]());

  it.each(STATEMENTS)("%s looks up each row by an index", async (_name, { text }) => {
    const nodes = await keptPlan(text);
    const types = nodes.map((node) => node["Node Type"]);
    expect(types).not.toContain("Seq Scan");
    expect(types).not.toContain("Materialize");
    for (const node of nodes) if (/Index.* Scan/.test(node["Node Type"])) expect(node).toHaveProperty("Index Cond");
  });
});

/** The plan that a lane keeps for a statement of a purchase. */
async function keptPlan(text: string): Promise<PlanNode[]> {
  const rows = await test.database.withTransaction(
    async (tx) => {
      const { client } = (tx as unknown as { session: { client: Client } }).session;
      const parameters = new Set(text.match(/\$\d+/g)).size;
      await client.run(`prepare kept as ${text}`);
      const plan = await client.run(`explain (format json) execute kept (${Array(parameters).fill("null")})`);
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

interface Client {
  run(text: string): Promise<Record<string, unknown>[]>;
}
