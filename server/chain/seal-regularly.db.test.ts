import { expect, it } from "vitest";
import { trade } from "../operations/reconcile.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { verified } from "./chain.fixture.ts";
import { takeMark } from "./mark.ts";
import { seal } from "./seal.ts";
import { sealBefore, sealRegularly } from "./seal-regularly.ts";
import { SOURCES } from "./sources.ts";

/** Far more than a seal may look at for a few new rows: of the pages on which they are some 13,000, twice. */
const OLD_ROWS = 100_000;

it("seals by itself what is some seconds old, and nothing that is younger", async () => {
  await using test = await createTestDatabase();
  await trade(test);
  await dateBack(test, "1 hour");
  await trade(test);
  const errors: unknown[] = [];
  const sealing = sealRegularly(test.database, { onError: (error) => errors.push(error) });
  await eventually("what is old is sealed", async () => (await neverSealed(test)) === 0);
  await sealing.close();
  expect(errors).toEqual([]);
  const [{ count } = { count: 0 }] = await test.sql`
    select count(*)::int as count from purchase_attempts where decided_at < clock_timestamp() - interval '30 minutes'`;
  const [{ sealed } = { sealed: 0 }] = await test.sql`
    select sum(count)::int as sealed from chain_sets where source = 'purchase_attempts'`;
  expect(sealed).toBe(count);
  expect(await verified(test.database)).toMatchObject({ ok: true });
});

it("takes everything that was there before the chain, a little at a time", async () => {
  await using test = await createTestDatabase();
  await trade(test);
  await dateBack(test, "400 days");
  await trade(test);
  const mark = await takeMark(test.database);
  let runs = 0;
  do runs++;
  while (await sealBefore(test.database, mark, { lagMs: 0, rowsMax: 1 }));
  expect(runs).toBeGreaterThan(3);
  const [{ most } = { most: 0 }] = await test.sql`select max(count)::int as most from chain_sets`;
  // What was decided within a millisecond is not taken apart.
  expect(most).toBeLessThan(5);
  expect(await verified(test.database)).toMatchObject({ ok: true });
});

it("does not wait for a purchase under way, nor a purchase for it", async () => {
  await using test = await createTestDatabase();
  await trade(test);
  await using _buying = await hold(test, "select from items for update");
  const [{ until } = { until: "" }] = await test.sql`select clock_timestamp()::text as until`;
  for (const source of SOURCES) expect(await seal(test.database, source, { until })).toEqual({ isPartial: false });
});

it.each(["with statistics", "without"])("reads the rows that are new, and few besides, %s", async (known) => {
  await using test = await createTestDatabase();
  await trade(test);
  await test.sql`
    insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, refusal_code, refusal_message, decided_at)
    select gen_random_uuid(), gen_random_uuid(), 1, 1, gen_random_uuid(), 'SALE_ENDED', '',
      clock_timestamp() - interval '2 days' + n * interval '1 second'
    from generate_series(1, ${OLD_ROWS}::int) as n`;
  // As autovacuum does of itself.
  await test.sql`vacuum purchase_attempts`;
  if (known === "with statistics") await test.sql`analyze purchase_attempts`;
  const [attempts] = SOURCES;
  if (!attempts) throw new Error("there are no sources");
  await test.sql`update chain_ends set sealed_until = clock_timestamp() - interval '1 hour'`;
  await trade(test);
  const readBefore = await rowsRead(test);
  const [{ until } = { until: "" }] = await test.sql`select clock_timestamp()::text as until`;
  await seal(test.database, attempts, { until });
  expect((await rowsRead(test)) - readBefore).toBeLessThan(OLD_ROWS / 2);
});

async function neverSealed(test: TestDatabase): Promise<number> {
  return (await test.sql`select from chain_ends where sealed_until = '-infinity'`).length;
}

/** By scans of whole tables and by indexes. */
async function rowsRead(test: TestDatabase): Promise<number> {
  await test.database.db.execute("select pg_stat_force_next_flush()");
  const [row] = await test.sql`
    select (pg_stat_get_tuples_returned('purchase_attempts'::regclass)
      + pg_stat_get_tuples_fetched('purchase_attempts'::regclass))::int as read`;
  return row?.read ?? 0;
}

async function dateBack(test: TestDatabase, by: string): Promise<void> {
  await test.sql.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    for (const { name, columns } of SOURCES) {
      for (const column of columns.filter((each) => each.endsWith("_at"))) {
        await sql.unsafe(`update ${name} set ${column} = ${column} - interval '${by}'`);
      }
    }
  });
}
