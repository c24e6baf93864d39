import { vi } from "vitest";
import { Connection } from "../database/connection.ts";
import type { TestDatabase } from "./test-database.ts";

/** How the database would run the first statement about this table that `read` sends, as text. */
export async function planOf(test: TestDatabase, table: string, read: () => Promise<unknown>): Promise<string> {
  const run = vi.spyOn(Connection.prototype, "run");
  try {
    await read();
    const [text = "", params = []] = run.mock.calls.find(([each]) => each.includes(table)) ?? [];
    const plan = await test.sql.unsafe<{ "QUERY PLAN": string }[]>(`explain ${text}`, params);
    return plan.map((row) => row["QUERY PLAN"]).join("\n");
  } finally {
    run.mockRestore();
  }
}
