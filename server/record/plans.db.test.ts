import { expect, it } from "vitest";
import { makeBuyers, makeSale } from "../testing/factories.ts";
import { statementsOf } from "../testing/kept-plans.fixture.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { listAttempts } from "./attempts.ts";
import { listCredits } from "./credits.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";

/** Rows of a table, and of its indexes, that `work` has looked at. */
async function lookedAt(test: TestDatabase, table: string, work: () => Promise<unknown>): Promise<number> {
  const read = async () => {
    await test.database.withTransaction((tx) => tx.execute("select pg_stat_force_next_flush()").then(() => {}));
    const [row] = await test.sql`
      select (seq_tup_read + coalesce(idx_tup_fetch, 0))::int as count from pg_stat_user_tables
      where relname = ${table} and schemaname = ${test.schema}`;
    return Number(row?.count);
  };
  const before = await read();
  await work();
  return (await read()) - before;
}

it("looks at no more attempts than a page and its filter need, however many there are", async () => {
  // One connection, whose statistics are told when the next transaction begins.
  await using test = await createTestDatabase({ poolSize: 1 });
  const [rare = "", common = ""] = await makeBuyers(test.database, 2);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 1 }]);
  await test.sql`
    insert into purchase_attempts
      (id, user_id, item_id, quantity, idempotency_key, refusal_code, refusal_message, decided_at)
    select
      (regexp_replace(lpad(to_hex(1900000000000 + n * 1000::bigint), 12, '0'), '(.{8})(.{4})', '\\1-\\2') || '-7000-8000-000000000000')::uuid,
      case when n % 1000 = 0 then ${rare}::uuid else ${common}::uuid end, ${itemIds[0] ?? 0}, 1, gen_random_uuid(),
      'OUT_OF_STOCK', 'No.', to_timestamp(1900000000 + n)
    from generate_series(1, 20000) as n`;
  await test.sql`vacuum analyze purchase_attempts`;
  const at = (second: number) => new Date((1_900_000_000 + second) * 1_000).toISOString();
  const list = (input: object) => () => listAttempts(test.database, { limit: 20, ...input });
  const looks = async (input: object) => lookedAt(test, "purchase_attempts", list(input));
  // Those of the page twice: found, then read.
  expect(await looks({})).toBeLessThan(100);
  expect(await looks({ saleId })).toBeLessThan(100);
  expect(await looks({ outcome: "OUT_OF_STOCK" })).toBeLessThan(100);
  // One's own are read all: 20.
  expect(await looks({ userId: rare })).toBeLessThan(200);
  // A minute before and after the ten seconds that are asked for.
  expect(await looks({ from: at(10_000), to: at(10_010) })).toBeLessThan(400);
});

it("reads every list by an index of its table", async () => {
  await using test = await createTestDatabase();
  const userId = crypto.randomUUID();
  const period = { from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z" };
  for (const input of [{}, { userId }, period]) {
    for (const list of [listAttempts, listRecordedOrders, listRefunds, listCredits]) {
      const asked = { ...input, limit: 20 };
      for (const text of await statementsOf(() => list(test.database, asked))) {
        const plan = await test.database.withTransaction(async (tx) => {
          await tx.execute(`prepare of_list as ${text}`);
          const parameters = new Set(text.match(/\$\d+/g)).size;
          await tx.execute("set local plan_cache_mode = force_generic_plan");
          const nulls = parameters > 0 ? `(${Array(parameters).fill("null")})` : "";
          const rows = await tx.execute(`explain execute of_list${nulls}`);
          await tx.execute("deallocate of_list");
          return JSON.stringify(rows);
        });
        expect(plan).not.toContain("Seq Scan");
      }
    }
  }
});
