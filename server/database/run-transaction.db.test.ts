import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { createTcpProxy } from "../testing/tcp-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import type { Tx } from "./database.ts";
import { ConnectionLostError, DeadlineError, UnknownOutcomeError } from "./errors.ts";
import { faultOf } from "./fault-of.ts";
import { sqlStateOf } from "./sqlstate.ts";
import { pipelineAndCommit } from "./transaction.ts";

test("commits what the work returns, and undoes what it throws", async () => {
  await using t = await storeWithRows();
  expect(await t.database.withTransaction(async (tx) => (await write(tx, 1)) && "done")).toBe("done");
  const undone = t.database.withTransaction(async (tx) => {
    await write(tx, 2);
    throw new Error("undo");
  });
  await expect(undone).rejects.toThrow("undo");
  expect(await rows(t)).toEqual([1]);
});

test("a nested transaction is undone alone", async () => {
  await using t = await storeWithRows();
  await t.database.withTransaction(async (tx) => {
    await write(tx, 1);
    await expect(
      tx.transaction(async (inner) => {
        await write(inner, 2);
        await write(inner, 1);
      }),
    ).rejects.toThrow();
    await tx.transaction((inner) => inner.transaction((innermost) => write(innermost, 3)));
  });
  expect(await rows(t)).toEqual([1, 3]);
});

test("isolation and read only are what was asked for, on the same connection each time", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  const mode = sql`select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro`;
  const plain = await t.database.withTransaction((tx) => tx.execute(mode));
  const strict = await t.database.withTransaction((tx) => tx.execute(mode), {
    isolation: "serializable",
    readOnly: true,
  });
  const again = await t.database.withTransaction((tx) => tx.execute(mode));
  expect([plain[0], strict[0], again[0]]).toEqual([
    { level: "read committed", ro: "off" },
    { level: "serializable", ro: "on" },
    { level: "read committed", ro: "off" },
  ]);
});

test("a serialization failure is retried until it succeeds", async () => {
  await using t = await createTestDatabase({ poolSize: 8 });
  await t.sql`create table counter as select 0 as n`;
  // All take their snapshots before any of them writes.
  const allRead = Promise.withResolvers<void>();
  let readers = 0;
  const increase = async (tx: Tx) => {
    await tx.execute(sql`select n from counter`);
    if (++readers === 5) allRead.resolve();
    await allRead.promise;
    await tx.execute(sql`update counter set n = n + 1`);
  };
  const options = { isolation: "repeatable read", attemptsMax: 50 } as const;
  await Promise.all(Array.from({ length: 5 }, () => t.database.withTransaction(increase, options)));
  expect(await t.sql`select n from counter`).toEqual([{ n: 5 }]);
  expect(t.database.stats().retries).toBeGreaterThanOrEqual(4);
});

test("of two transactions in a deadlock both end well", async () => {
  await using t = await storeWithRows(1, 2);
  const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const lockBoth = (mine: number) => {
    let attempts = 0;
    return t.database.withTransaction(async (tx) => {
      attempts++;
      await lock(tx, mine === 0 ? 1 : 2);
      both[mine === 0 ? 0 : 1].resolve();
      await both[mine === 0 ? 1 : 0].promise;
      await lock(tx, mine === 0 ? 2 : 1);
      return attempts;
    });
  };
  const attempts = await Promise.all([lockBoth(0), lockBoth(1)]);
  expect(attempts.toSorted()).toEqual([1, 2]);
  expect(t.database.stats().retries).toBe(1);
});

test("what cannot succeed is not retried: a unique violation, an error of the work", async () => {
  await using t = await storeWithRows(1);
  let attempts = 0;
  const conflict = t.database.withTransaction((tx) => {
    attempts++;
    return write(tx, 1);
  });
  expect(sqlStateOf(await thrown(conflict))).toBe("23505");
  expect(faultOf(await thrown(conflict))).toBeUndefined();
  await expect(t.database.withTransaction(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(attempts).toBe(1);
  expect(t.database.stats()).toMatchObject({ retries: 0, lost: 0, busy: 0 });
});

test("a lock that is not given in time is a fault of its own, and not asked for again", async () => {
  await using t = await storeWithRows(1);
  const hurried = await t.open({ timeouts: { lockTimeoutMs: 50 } });
  await t.database.withTransaction(async (holder) => {
    await lock(holder, 1);
    const error = await thrown(hurried.withTransaction((tx) => lock(tx, 1)));
    expect(sqlStateOf(error)).toBe("55P03");
    expect(faultOf(error)).toMatchObject({ code: "LOCK_TIMEOUT", cause: error });
  });
  expect(hurried.stats()).toMatchObject({ retries: 0, lost: 0 });
});

test("a deadline in the middle of a statement frees its rows at once and replaces the connection", async () => {
  await using t = await storeWithRows(1);
  const late = t.database.withTransaction(
    async (tx) => {
      await lock(tx, 1);
      await tx.execute(sql`select pg_sleep(60)`);
    },
    { deadlineMs: 300, name: "sleeper" },
  );
  const error = await thrown(late);
  expect(error).toBeInstanceOf(DeadlineError);
  expect(faultOf(error)).toMatchObject({ code: "OVERLOADED" });
  await t.database.withTransaction((tx) => lock(tx, 1));
  await eventually("the statement was cancelled", async () => (await sessions(t, "state <> 'idle'")) === 0);
  await eventually("the connection was replaced", () => t.database.stats().idle === t.database.stats().size);
  expect(t.database.stats()).toMatchObject({ busy: 0, lost: 1 });
});

test("a deadline passes for work that waits for something else, and no session stays in its transaction", async () => {
  await using t = await storeWithRows(1);
  const gate = Promise.withResolvers<void>();
  let afterwards: Promise<unknown> | undefined;
  const stuck = t.database.withTransaction(
    async (tx) => {
      await lock(tx, 1);
      await gate.promise;
      afterwards = write(tx, 2);
      await afterwards;
    },
    { deadlineMs: 200 },
  );
  expect(await thrown(stuck)).toBeInstanceOf(DeadlineError);
  await t.database.withTransaction((tx) => lock(tx, 1));
  expect(await sessions(t, "state like 'idle in transaction%'")).toBe(0);
  gate.resolve();
  await eventually("the late statement was refused", async () => afterwards && (await thrown(afterwards)));
  expect(await rows(t)).toEqual([1]);
});

test.each([
  ["during COMMIT", (tx: Tx) => write(tx, 1)],
  [
    "while COMMIT travels with the last statements",
    (tx: Tx) => pipelineAndCommit(tx, [{ text: "insert into numbers values ($1)", params: [1] }]),
  ],
])("a deadline %s leaves the outcome unknown", async (_, work) => {
  await using t = await storeWithRows();
  await slowCommits(t);
  const error = await thrown(t.database.withTransaction<unknown>(work, { deadlineMs: 500 }));
  expect(error).toBeInstanceOf(UnknownOutcomeError);
  expect(faultOf(error)).toMatchObject({ code: "OUTCOME_UNKNOWN" });
});

test("a session that idles in its transaction is ended by the server, and only its transaction fails", async () => {
  await using t = await storeWithRows(1);
  const impatient = await t.open({ poolSize: 2, timeouts: { idleInTransactionTimeoutMs: 50 } });
  const lost = () => eventually("the connection is lost", () => impatient.stats().lost === 2);
  const idle = () =>
    impatient.withTransaction(
      async (tx) => {
        await write(tx, Math.random() * 1_000_000);
        await lost();
        await write(tx, 2);
      },
      { attemptsMax: 1 },
    );
  // Every connection of the pool at once.
  const errors = await Promise.all([thrown(idle()), thrown(idle())]);
  for (const error of errors) expect(error).toBeInstanceOf(ConnectionLostError);
  await impatient.withTransaction((tx) => write(tx, 3));
  expect(await rows(t)).toEqual([1, 3]);
});

test("a table changed by a migration costs prepared statements nothing but another attempt", async () => {
  await using t = await createTestDatabase({ poolSize: 1 });
  await t.sql`create table things as select 1 as a`;
  const read = sql`select * from things where a = ${1}`;
  const write = sql`update things set a = a where a = ${1} returning *`;
  const steps = [
    () => t.database.db.execute(read),
    () => t.database.db.execute(write),
    () => t.database.withTransaction((tx) => tx.execute(read)),
    () => t.database.withTransaction((tx) => tx.execute(write)),
  ];
  for (const [column, step] of steps.entries()) {
    await step();
    await t.sql.unsafe(`alter table things add column c${column} integer`);
    expect(Object.keys((await step())[0] ?? {})).toHaveLength(column + 2);
  }
  expect(t.database.stats()).toMatchObject({ lost: 0, idle: 1 });
});

test("a BEGIN that fails takes the statements with it that were sent behind it", async () => {
  await using t = await storeWithRows();
  const nonsense = { isolation: "no such level" as "serializable" };
  expect(sqlStateOf(await thrown(t.database.withTransaction((tx) => write(tx, 1), nonsense)))).toBe("42601");
  const unawaited = t.database.withTransaction(async (tx) => {
    write(tx, 2)
      .execute()
      .catch(() => {});
  }, nonsense);
  expect(sqlStateOf(await thrown(unawaited))).toBe("42601");
  expect(await rows(t)).toEqual([]);
  expect(t.database.stats()).toMatchObject({ size: 1, idle: 1 });
});

test("a statement after a lost connection never runs on another connection", async () => {
  await using t = await storeWithRows();
  const error = await thrown(
    t.database.withTransaction(
      async (tx) => {
        await write(tx, 1);
        await tx.execute(sql`select pg_terminate_backend(pg_backend_pid())`).catch(() => {});
        for (let n = 2; n < 5; n++) await write(tx, n).catch(() => {});
        await tx.transaction((inner) => write(inner, 5)).catch(() => {});
        return "done";
      },
      { attemptsMax: 1 },
    ),
  );
  expect(error).toBeInstanceOf(ConnectionLostError);
  expect(faultOf(error)).toMatchObject({ code: "UNAVAILABLE" });
  expect(await rows(t)).toEqual([]);
});

test("a backend killed before each statement in turn, and the transaction still happens once", async () => {
  await using t = await storeWithRows();
  for (let position = 0; position <= 3; position++) {
    let killed = false;
    const attempts = { count: 0 };
    await t.database.withTransaction(async (tx) => {
      attempts.count++;
      for (let step = 0; step <= 3; step++) {
        if (step === position && !killed) {
          killed = true;
          await killBackend(t, tx);
        }
        if (step < 3) await write(tx, position * 10 + step);
      }
    });
    expect(attempts.count).toBe(2);
  }
  expect(await rows(t)).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]);
});

test("a COMMIT whose answer is lost is unknown, and is not sent again", async () => {
  await using t = await storeWithRows();
  await using proxy = await createTcpProxy(t.url);
  const far = await t.open({ url: proxy.url });
  let attempts = 0;
  proxy.loseAnswerTo(COMMIT);
  const error = await thrown(
    far.withTransaction((tx) => {
      attempts++;
      return write(tx, 1);
    }),
  );
  expect(error).toBeInstanceOf(UnknownOutcomeError);
  expect(attempts).toBe(1);
  // The server had received it.
  await eventually("the row is there", async () => (await rows(t)).includes(1));

  proxy.loseAnswerTo(COMMIT);
  const alone = far.db.execute(sql`insert into numbers values (2)`);
  expect((await thrown(alone)) as Error).toMatchObject({ cause: expect.any(ConnectionLostError) });
});

test("a network that resets or falls silent costs a transaction no longer than its deadline", async () => {
  await using t = await storeWithRows();
  await using proxy = await createTcpProxy(t.url);
  const far = await t.open({ url: proxy.url });
  let cut = false;
  await far.withTransaction(async (tx) => {
    await write(tx, 1);
    if (!cut) proxy.cut();
    cut = true;
    await write(tx, 2);
  });
  proxy.stall();
  const silent = await thrown(far.withTransaction((tx) => write(tx, 3), { deadlineMs: 300 }));
  expect(silent).toBeInstanceOf(DeadlineError);
  proxy.resume();
  await far.withTransaction((tx) => write(tx, 4));
  expect(await rows(t)).toEqual([1, 2, 4]);
});

/** As it stands in the packet; BEGIN has "read committed" in it. */
const COMMIT = "commit\0";

async function storeWithRows(...numbers: number[]): Promise<TestDatabase> {
  const t = await createTestDatabase();
  await t.sql`create table numbers (n integer primary key)`;
  for (const n of numbers) await t.sql`insert into numbers values (${n})`;
  return t;
}

function write(tx: Tx, n: number) {
  return tx.execute(sql`insert into numbers values (${Math.floor(n)})`);
}

function lock(tx: Tx, n: number) {
  return tx.execute(sql`select n from numbers where n = ${n} for update`);
}

async function rows(t: TestDatabase): Promise<number[]> {
  return (await t.sql<{ n: number }[]>`select n from numbers order by n`).map(({ n }) => n);
}

async function thrown(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

/** Ends the transaction's backend, and returns when the connection has heard of it: a COMMIT sent before would be unknown. */
async function killBackend(t: TestDatabase, tx: Tx): Promise<void> {
  const [row] = await tx.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  const { lost } = t.database.stats();
  await t.sql`select pg_terminate_backend(${Number(row?.pid)})`;
  await eventually("the connection is lost", () => t.database.stats().lost > lost);
}

async function sessions(t: TestDatabase, condition: string): Promise<number> {
  const [row] = await t.sql.unsafe<{ count: number }[]>(`
    select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and ${condition}`);
  return row?.count ?? -1;
}

async function slowCommits(t: TestDatabase): Promise<void> {
  await t.sql.unsafe(`
    create function linger() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return null; end $$;
    create constraint trigger linger after insert on numbers deferrable initially deferred
      for each row execute function linger();
  `);
}
