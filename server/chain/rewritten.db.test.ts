import { describe, expect, it } from "vitest";
import type { ChainHead } from "../../shared/chain.ts";
import { trade } from "../operations/reconcile.fixture.ts";
import { hold } from "../testing/hold.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { sealNow, tamper, verified } from "./chain.fixture.ts";
import { chainHeads } from "./heads.ts";
import { seal } from "./seal.ts";
import { SOURCES } from "./sources.ts";

/*
 * What somebody can do who has every right in the database, knows how the chain is made, and rewrites its sets as well.
 */

describe("a chain of three sets", () => {
  it.each([
    ["two sets changed places", "set number = 3 - number", "number < 3"],
    ["a seal was dated earlier", "set until = until - interval '1 millisecond'"],
    ["a seal was dated later", "set until = until + interval '1 millisecond'"],
    ["a set forgot its rows' digests", "set members = overlay(members placing decode(repeat('00', 8), 'hex') from 17)"],
    ["a set was given to another table", "set source = 'receipts'"],
    ["a set was given another chain", "set chain = 'item:99'"],
    ["a set has one row more", "set count = count + 1, members = members || substring(members for 24)"],
  ])("tells when %s", async (_how, damage, which = "number = 2") => {
    await using test = await createTestDatabase();
    await sealedThrice(test);
    // Keys and constraints are an owner's to drop.
    await tamper(
      test,
      "alter table chain_sets drop constraint chain_sets_one_per_number",
      `update chain_sets ${damage} where chain = 'credits' and ${which}`,
    );
    const { ok, finding } = await verified(test.database);
    expect({ ok, about: finding?.message }).toEqual({ ok: false, about: expect.stringMatching(/credits|item:99/) });
  });

  it("is broken at the next set when a row's money was changed together with its own set", async () => {
    await using test = await createTestDatabase();
    await sealedThrice(test);
    await tamper(test, "update credits set amount_cents = 1 where credited_at < (select min(until) from chain_sets)");
    await rewriteSet(test, 1);
    expect((await verified(test.database)).finding).toMatchObject({ kind: "set", chain: "credits", number: 2 });
  });

  it("is known by published heads alone when its last set was rewritten with its rows", async () => {
    await using test = await createTestDatabase();
    await sealedThrice(test);
    const published = await headsOf(test);
    await tamper(
      test,
      "update credits set amount_cents = 1 where credited_at > (select max(until) from chain_sets where number = 2 and chain = 'credits')",
    );
    await rewriteSet(test, 3);
    expect(await verified(test.database)).toMatchObject({ ok: true });
    expect((await verified(test.database, { published })).finding).toMatchObject({ kind: "published", number: 3 });
  });
});

describe("what was removed with its sets", () => {
  it.each([
    ["an item's sets", "item:1", ["delete from chain_sets where chain = 'item:1'"], "inserted"],
    [
      "an item's attempts and sets",
      "item:1",
      ["delete from purchase_attempts where item_id = 1", "delete from chain_sets where chain = 'item:1'"],
      undefined,
    ],
    ["the audit log", "audit_log", ["delete from audit_log"], "removed"],
    [
      "the audit log and its sets",
      "audit_log",
      ["delete from audit_log", "delete from chain_sets where chain = 'audit_log'"],
      undefined,
    ],
    [
      "the last set of a table, with its rows and its end",
      "credits",
      [
        "delete from credits where credited_at > (select until from chain_sets where chain = 'credits' and number = 2)",
        "delete from chain_sets where chain = 'credits' and number = 3",
        "update chain_ends set sealed_until = (select max(until) from chain_sets where chain = 'credits') where source = 'credits'",
      ],
      undefined,
    ],
  ])("%s: is found, by published heads at least", async (_what, chain, damage, kind) => {
    await using test = await createTestDatabase();
    await sealedThrice(test);
    const published = await headsOf(test);
    await tamper(test, ...damage);
    // The worker goes on as if nothing were.
    await sealNow(test.database);
    const { finding } = await verified(test.database);
    expect(finding?.kind).toBe(kind);
    if (kind === undefined)
      expect((await verified(test.database, { published })).finding).toMatchObject({ kind: "published", chain });
    else expect(finding).toMatchObject({ chain });
  });
});

it("verifies while all that is sold is locked, and holds no lock of its own", async () => {
  await using test = await createTestDatabase();
  await sealedThrice(test);
  await using _selling = await hold(test, "select from items, wallets for update");
  expect(await verified(await test.open({ poolSize: 1 }))).toMatchObject({ ok: true });
});

/** Three times some trade, sealed each time. */
async function sealedThrice(test: TestDatabase): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await trade(test);
    await test.sql`
      insert into audit_log (occurred_at, actor_kind, actor_id, action, subject, outcome)
      values (clock_timestamp(), 'person', gen_random_uuid(), 'users.setActive', 'user:1', 'success')`;
    await sealNow(test.database);
  }
}

async function headsOf({ database }: TestDatabase): Promise<ChainHead[]> {
  const heads: ChainHead[] = [];
  for await (const head of chainHeads(database)) heads.push(head);
  return heads;
}

/** Makes a set of credits what it would be, had its rows always been as they are now; leaves those behind it. */
async function rewriteSet(test: TestDatabase, number: number): Promise<void> {
  const credits = SOURCES.find(({ name }) => name === "credits");
  if (!credits) throw new Error("credits are no source");
  const [set] =
    await test.sql`select until::text as until from chain_sets where chain = 'credits' and number = ${number}`;
  const [end] = await test.sql`select sealed_until::text as until from chain_ends where source = 'credits'`;
  await test.sql`create table kept as select * from chain_sets where chain = 'credits' and number > ${number}`;
  await tamper(
    test,
    `delete from chain_sets where chain = 'credits' and number >= ${number}`,
    `update chain_ends set sealed_until = coalesce((select max(until) from chain_sets where chain = 'credits'), '-infinity')
     where source = 'credits'`,
  );
  await seal(test.database, credits, { until: set?.until });
  await tamper(
    test,
    "insert into chain_sets select * from kept",
    `update chain_ends set sealed_until = '${end?.until}' where source = 'credits'`,
  );
}
