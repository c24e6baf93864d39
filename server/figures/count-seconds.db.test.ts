import { expect, it } from "vitest";
import { PurchaseBatcher } from "../purchases/buy.ts";
import { makeBuyers, makeSale } from "../testing/factories.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { countSeconds } from "./count-seconds.ts";

/** As if everything that is stored had settled. */
const NOW = { settledMs: -1_000 };

it("counts each attempt of a crowd once, in its second, whoever counts, in whatever portions, while the crowd buys", async () => {
  await using test = await createTestDatabase();
  const { itemIds } = await makeSale(test.database, [{ stock: 150 }, { stock: 40, limitPerCustomer: 2 }]);
  const buyers = await makeBuyers(test.database, 100);
  // As two processes would be.
  const [one, two] = [await test.open(), await test.open()];
  const batchers = [one, two].map((database) => new PurchaseBatcher(database, { batchMax: 20 }));
  const crowd = Promise.all(
    buyers.flatMap((userId, n) =>
      itemIds.map((itemId) =>
        batchers[n % 2]?.buy({ userId, itemId, quantity: 1 + (n % 3), idempotencyKey: crypto.randomUUID() }),
      ),
    ),
  );
  let isBuying = true;
  const counting = [one, two].map(async (database) => {
    while (isBuying) await countSeconds(database, { attemptsMax: 7 });
  });
  await crowd;
  isBuying = false;
  await Promise.all(counting);
  await Promise.all([countAll(one), countAll(two), countAll(test.database)]);
  await countAll(test.database);
  expect(await counted(test)).toEqual(await recounted(test));
  expect((await counted(test)).length).toBeGreaterThan(2);
  // Somebody who comes later finds nothing to add.
  await countAll(await test.open());
  expect(await counted(test)).toEqual(await recounted(test));
});

it("leaves what may still get rows to whoever looks, and counts it when it has settled", async () => {
  await using test = await createTestDatabase();
  await attemptsAt(test, [60_000, 50_000, 40_000, 1_000]);
  await countAll(test.database, {});
  expect(await attemptsIn(test)).toBe(2);
  // It came late: nobody has passed it.
  await attemptsAt(test, [44_000]);
  await countAll(test.database, { settledMs: 30_000 });
  expect(await attemptsIn(test)).toBe(4);
  await countAll(test.database);
  expect(await counted(test)).toEqual(await recounted(test));
});

it("has counted nothing where it was ended before its commit, and the next one counts all of it", async () => {
  await using test = await createTestDatabase();
  await attemptsAt(test, [90_000, 80_000, 70_000]);
  {
    await using holder = await hold(test, "select from attempt_seconds_mark for update");
    // Somebody else counts: there is no waiting for them.
    expect(await countSeconds(test.database, NOW)).toBe(false);
    void holder;
  }
  await test.sql`alter table attempt_seconds_mark add constraint fails check (below < '00000000-0000-0000-0000-000000000001')`;
  await expect(countSeconds(test.database, NOW)).rejects.toThrow();
  expect(await counted(test)).toEqual([]);
  await test.sql`alter table attempt_seconds_mark drop constraint fails`;
  await countAll(test.database);
  expect(await counted(test)).toEqual(await recounted(test));
});

async function countAll(database: TestDatabase["database"], options: Parameters<typeof countSeconds>[1] = NOW) {
  while (await countSeconds(database, { attemptsMax: 10, ...options }));
}

async function attemptsIn(test: TestDatabase): Promise<number> {
  return (await counted(test)).reduce((sum, { attempts }) => sum + attempts, 0);
}

async function counted({ sql }: TestDatabase): Promise<Counted[]> {
  return [
    ...(await sql<Counted[]>`
      select item_id::int, second, outcome, attempts, units::int, amount_cents::int from attempt_seconds
      order by item_id, second, outcome`),
  ];
}

async function recounted({ sql }: TestDatabase): Promise<Counted[]> {
  return [
    ...(await sql<Counted[]>`
      select item_id::int, date_trunc('second', decided_at) as second, coalesce(refusal_code, 'PURCHASED') as outcome,
        count(*)::int as attempts, sum(quantity)::int as units, coalesce(sum(amount_cents), 0)::int as amount_cents
      from purchase_attempts group by 1, 2, 3 order by 1, 2, 3`),
  ];
}

/** Refusals of so long ago, with the ids that they would have got. */
async function attemptsAt({ sql }: TestDatabase, agesMs: readonly number[]): Promise<void> {
  for (const ageMs of agesMs) {
    const ms = Date.now() - ageMs;
    const hex = ms.toString(16).padStart(12, "0");
    const id = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${crypto.randomUUID().slice(24)}`;
    await sql`
      insert into purchase_attempts (id, user_id, item_id, quantity, idempotency_key, refusal_code, refusal_message,
        decided_at)
      values (${id}, ${id}, 1, 2, ${id}, 'OUT_OF_STOCK', '', to_timestamp(${ms}::float8 / 1000))`;
  }
}

interface Counted {
  readonly item_id: number;
  readonly second: Date;
  readonly outcome: string;
  readonly attempts: number;
  readonly units: number;
  readonly amount_cents: number;
}
