import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { RECORD_FILTERS, type RecordKind } from "../../shared/record.ts";
import { tamper } from "../chain/chain.fixture.ts";
import { SOURCES } from "../chain/sources.ts";
import { trade } from "../operations/reconcile.fixture.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { listAttempts } from "./attempts.ts";
import { listCredits } from "./credits.ts";
import { EXPORTS, type Export } from "./exports.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";

/** Written past the shop: no row of its own has such a time. */
const DATES = ["-infinity", "4000-01-01 BC", "1999-01-01", "20000-01-01", "294276-12-31", "infinity"];

it.each(DATES)("files are complete, and lists go on, whatever rows are dated %s", async (date) => {
  await using test = await createTestDatabase();
  await trade(test);
  await test.sql`
    insert into audit_log (occurred_at, actor_kind, actor_id, action, subject, outcome)
    values (clock_timestamp(), 'person', gen_random_uuid(), 'users.setActive', 'user:1', 'success')`;
  await tamper(
    test,
    ...SOURCES.flatMap(({ name, columns }) =>
      columns.filter((column) => column.endsWith("_at")).map((column) => `update ${name} set ${column} = '${date}'`),
    ),
  );
  for (const kind of Object.keys(EXPORTS) as RecordKind[]) {
    const { file } = EXPORTS[kind] as Export<unknown>;
    const period = kind.startsWith("summary") ? { first: "2026-01-01", last: "2026-01-31" } : {};
    const told = await text(
      file(test.database, RECORD_FILTERS[kind].parse(period), { bom: false, beforeMore: async () => {} }),
    );
    expect(told, kind).toMatch(/^# complete: \d+ rows\s*$/m);
    if (!kind.startsWith("summary")) expect(told, kind).not.toContain("# complete: 0 rows");
  }
  for (const list of [listAttempts, listCredits, listRefunds, listRecordedOrders]) {
    const all = await list(test.database, { limit: 100 });
    let seen = 0;
    let cursor: string | null = null;
    do {
      // Where a Date does not reach there is no cursor.
      const limit = /BC|294276/.test(date) ? 100 : 1;
      const page: { items: readonly unknown[]; nextCursor: string | null } = await list(test.database, {
        limit,
        cursor,
      });
      seen += page.items.length;
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toBe(all.items.length);
  }
});
