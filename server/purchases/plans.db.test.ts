import { afterAll, beforeAll, describe, it } from "vitest";
import type { PreparedStatement } from "../database/prepared-statement.ts";
import { expectLookUps, type Fill, TABLE_STATES, withoutAutovacuum } from "../testing/kept-plans.fixture.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import * as statements from "./statements.ts";

const { lockItems, ...others } = statements;
const STATEMENTS: [string, PreparedStatement][] = Object.entries({
  lockItemsWaiting: lockItems.wait,
  lockItemsSkipping: lockItems.skip,
  ...others,
});

describe.each(Object.entries(TABLE_STATES))("planned on a store that %s", (_state, bringThere) => {
  let test: TestDatabase;

  beforeAll(async () => {
    test = await createTestDatabase();
    await withoutAutovacuum(test.sql, ["users", "wallets", "items", "sales", "purchase_attempts", "refunds"]);
    await bringThere(test.sql, fillOf(test));
  });

  afterAll(() => test[Symbol.asyncDispose]());

  it.each(STATEMENTS)("%s looks up each row by an index", (_name, { text }) => expectLookUps(test.database, text));
});

/** A row of each table for each number, as they look: those of a tenth as many buyers, all of one limited item. */
function fillOf({ sql }: TestDatabase): Fill {
  return ({ from, to }) =>
    sql.begin(async (tx) => {
      // Whatever triggers and foreign keys would add or ask for is nothing to a plan.
      await tx`set local session_replication_role = replica`;
      await tx`insert into users (id, name, email)
        select md5('user' || n)::uuid, '', n || '@example.com' from generate_series(${from}::int, ${to}) as n`;
      await tx`insert into wallets (user_id) select md5('user' || n)::uuid from generate_series(${from}::int, ${to}) as n`;
      await tx`insert into sales (name, starts_at, ends_at)
        select 'A sale', now(), now() + interval '1 day' from generate_series(${from}::int, ${to}) as n`;
      await tx`insert into items (sale_id, product_id, warehouse_id, ordinal, name, price_cents, allotted, remaining,
          limit_per_customer)
        select n, 1, 1, n, 'An item', 1, 9, 9, 2 from generate_series(${from}::int, ${to}) as n`;
      await tx`insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, amount_cents,
          balance_after_cents, remaining_after, position, decided_at)
        select md5('attempt' || n)::uuid, md5('user' || n / 10)::uuid, 1, 1, md5('key' || n)::uuid, 1, 0, 0, n, now()
        from generate_series(${from}::int, ${to}) as n`;
      await tx`insert into refunds (id, purchase_id, user_id, item_id, quantity, amount_cents, balance_after_cents,
          remaining_after, idempotency_key, fingerprint, refunded_at)
        select md5('refund' || n)::uuid, md5('attempt' || n)::uuid, md5('user' || n / 10)::uuid, 1, 1, 1, 0, 0, n::text, '', now()
        from generate_series(${from}::int, ${to}) as n`;
    });
}
