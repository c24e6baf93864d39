import { sql } from "drizzle-orm";
import { bigint, jsonb, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";
import { createTestDatabase } from "../testing/test-database.ts";
import { RolledBackError } from "./errors.ts";
import { sqlStateOf } from "./sqlstate.ts";
import { pipeline, pipelineAndCommit } from "./transaction.ts";

const TRICKY = [
  "a,b",
  'quo"te',
  "back\\slash",
  "{brace}",
  "",
  "NULL",
  " space ",
  "new\nline",
  "žluťoučký 😀",
  "'; drop",
];

test("arrays of every type travel whole, in one statement, both ways", async () => {
  await using t = await createTestDatabase();
  const ids = TRICKY.map(() => crypto.randomUUID());
  const times = TRICKY.map((_, at) => `2026-11-20 10:00:0${at % 10}.123456+00`);
  const [rows, json] = await t.database.withTransaction((tx) =>
    pipeline(tx, [
      {
        text: `select * from unnest($1::uuid[], $2::bigint[], $3::text[], $4::timestamptz[], $5::int[], $6::boolean[])
               as given (id, amount, words, at, count, flag)`,
        params: [
          ids,
          TRICKY.map((_, at) => at * 1_000_000_007),
          TRICKY,
          times,
          TRICKY.map((_, at) => (at % 2 ? null : at)),
          TRICKY.map((_, at) => at % 2 === 0),
        ],
      },
      {
        text: "select $1::jsonb as object, $2::jsonb as list, $3::text[] as words, $4::bigint[] as amounts, $5::bytea as bytes",
        params: [{ words: TRICKY }, JSON.stringify([1, "x", null]), TRICKY, [1, null, 3], new Uint8Array([0, 255])],
      },
      { text: "select 1 as found where $1 = any($2::uuid[])", params: [ids[3], ids] },
    ]),
  );
  expect(rows).toEqual(
    TRICKY.map((words, at) => ({
      id: ids[at],
      amount: at * 1_000_000_007,
      words,
      at: times[at],
      count: at % 2 ? null : at,
      flag: at % 2 === 0,
    })),
  );
  expect(json).toEqual([
    {
      object: { words: TRICKY },
      list: [1, "x", null],
      words: TRICKY,
      amounts: [1, null, 3],
      bytes: Buffer.from([0, 255]),
    },
  ]);
});

test("a bigint beyond 2^53 is refused on its way in, and the connection goes on", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  const alone = await t.database.db.execute(sql`select 9007199254740993 as n`).catch((error: Error) => error.cause);
  expect(alone).toBeInstanceOf(RangeError);
  await expect(
    t.database.withTransaction((tx) => pipeline(tx, [{ text: "select 9007199254740993 as n", params: [] }])),
  ).rejects.toThrow(RangeError);
  expect(await t.database.db.execute(sql`select 9007199254740991 as n`)).toEqual([{ n: 9007199254740991 }]);
  expect(t.database.stats()).toMatchObject({ size: 1, lost: 0 });
});

test("Drizzle's columns keep their meaning: json, times, bigint, arrays", async () => {
  await using t = await createTestDatabase();
  await t.sql`create table things (id bigint, data jsonb, at timestamptz, words text[], times timestamptz[])`;
  const things = pgTable("things", {
    id: bigint({ mode: "number" }),
    data: jsonb(),
    at: timestamp({ withTimezone: true, mode: "date" }),
    words: text().array(),
    times: timestamp({ withTimezone: true, mode: "date" }).array(),
  });
  const thing = {
    id: Number.MAX_SAFE_INTEGER,
    data: [{ a: null }, "x", 1.5, { "ö'\"\\": [] }],
    at: new Date("2026-11-20T10:00:00.123Z"),
    words: TRICKY.filter((word) => word !== "NULL"),
    times: [new Date(0)],
  };
  await t.database.db.insert(things).values(thing);
  await t.database.withTransaction((tx) => tx.insert(things).values({ ...thing, id: 2, at: null, data: null }));
  expect(await t.database.db.select().from(things).orderBy(things.id)).toEqual([
    { ...thing, id: 2, at: null, data: null },
    thing,
  ]);
  const [raw] = await t.database.db.execute(sql`select count(*) as n, max(at) as at, sum(id) as total from things`);
  expect(raw).toEqual({ n: 2, at: "2026-11-20 10:00:00.123+00", total: "9007199254740993" });
});

test("the first statement that fails is the error, and the transaction is undone", async () => {
  await using t = await createTestDatabase();
  await t.sql`create table written (n integer primary key)`;
  const insert = (n: unknown) => ({ text: "insert into written values ($1)", params: [n] });
  const failed = t.database.withTransaction((tx) => pipeline(tx, [insert(1), insert(1), insert("x")]));
  expect(sqlStateOf(await failed.catch((error: unknown) => error))).toBe("23505");
  const atOnce = t.database.withTransaction((tx) => pipelineAndCommit(tx, [insert(1), insert(1), insert(2)]));
  expect(sqlStateOf(await atOnce.catch((error: unknown) => error))).toBe("23505");
  expect(await t.sql`select * from written`).toEqual([]);
});

test("statements and COMMIT in one go are committed when they have answered", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  await t.sql`create table written (n integer primary key)`;
  const seen = await t.database.withTransaction(async (tx) => {
    const rows = await pipelineAndCommit(tx, [{ text: "insert into written values ($1) returning n", params: [1] }]);
    const visible = await t.sql`select * from written`;
    await expect(pipeline(tx, [{ text: "select 1", params: [] }])).rejects.toThrow("after its transaction had ended");
    return { rows, visible: visible.length };
  });
  expect(seen).toEqual({ rows: [[{ n: 1 }]], visible: 1 });
});

test("a commit of a failed transaction is never taken for success", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  await t.sql`create table written (n integer primary key)`;
  const swallowed = t.database.withTransaction(async (tx) => {
    await tx.execute(sql`insert into written values (1)`);
    await tx.execute(sql`insert into written values (1)`).catch(() => {});
    return "done";
  });
  const error = await swallowed.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(RolledBackError);
  expect(sqlStateOf(error)).toBe("23505");
  expect(await t.sql`select * from written`).toEqual([]);
});

test("more statements in flight than the driver pipelines, then a transaction", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  const many = Array.from({ length: 350 }, (_, n) => ({ text: "select $1::int as n", params: [n] }));
  const expected = many.map((_, n) => [{ n }]);
  for (let round = 0; round < 2; round++) {
    const alone = Array.from({ length: 150 }, (_, n) => t.database.db.execute(sql`select ${n}::int as n`));
    const piped = t.database.withTransaction((tx) => pipeline(tx, many));
    const plain = t.database.withTransaction((tx) =>
      Promise.all(many.map(({ params: [n] }) => tx.execute(sql`select ${n}::int as n`))),
    );
    expect(await piped).toEqual(expected);
    expect((await plain).map((rows) => [...rows])).toEqual(expected);
    expect((await Promise.all(alone)).map((rows) => [...rows])).toEqual(expected.slice(0, 150));
  }
});
