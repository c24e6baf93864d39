import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import type { Database } from "./database.ts";
import { ConnectionLostError, UnknownOutcomeError } from "./errors.ts";
import { pipeline, pipelineAndCommit } from "./transaction.ts";

/**
 * Backends are killed at random while many transactions run on few connections. Each transaction writes two rows under its
 * number, and its caller notes what it was told.
 */

const CONNECTIONS = 6;

const uncaught: unknown[] = [];
const note = (error: unknown) => void uncaught.push(error);

beforeAll(() => {
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
});

afterAll(() => {
  process.off("uncaughtException", note);
  process.off("unhandledRejection", note);
});

test("a killed backend costs its own transaction and nothing else", { timeout: 120_000 }, async () => {
  await using t = await createTestDatabase({ poolSize: CONNECTIONS, applicationName: "connections under fire" });
  await t.sql`create table written (n integer, half integer, primary key (n, half))`;
  await t.sql`create table slow (n integer)`;
  // A deferred trigger makes COMMIT take long enough to be killed in.
  await t.sql.unsafe(`
    create function linger() returns trigger language plpgsql as $$ begin perform pg_sleep(0.002); return null; end $$;
    create constraint trigger linger after insert on written deferrable initially deferred
      for each row execute function linger();
  `);
  const told: Outcome[] = [];
  const killer = startKiller(t, () => told.filter((outcome) => outcome).length);
  let next = 0;
  const caller = async () => {
    for (let n = next++; n < TRANSACTIONS; n = next++) told[n] = await outcomeOf(() => writeBoth(t.database, n), n);
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const kills = await killer.stop();

  const rows = await t.sql<{ n: number; halves: number }[]>`
    select n, count(*)::integer as halves from written group by n`;
  const halves = new Map(rows.map((row) => [row.n, row.halves]));
  for (const [n, outcome] of told.entries()) {
    const found = halves.get(n) ?? 0;
    if (outcome === "ok") expect(found, `transaction ${n} was reported as done`).toBe(2);
    else if (outcome === "unknown") expect([0, 2], `transaction ${n} is half committed`).toContain(found);
    else expect(found, `transaction ${n} was reported as failed: ${outcome}`).toBe(0);
  }
  expect(kills).toBeGreaterThan(KILLS_MIN);
  expect(t.database.stats().lost).toBeGreaterThan(KILLS_MIN / 2);
  expect(told.filter((outcome) => outcome === "ok").length).toBeGreaterThan(TRANSACTIONS / 2);
  expect(told.filter((outcome) => outcome === "unknown").length).toBeGreaterThan(0);
  expect(uncaught).toEqual([]);
  // The pool becomes whole: the last connection lost may still be on its way back.
  await Promise.all(Array.from({ length: CONNECTIONS * 3 }, () => t.database.db.execute(sql`select pg_sleep(0.01)`)));
  await eventually("every connection is open and idle", () => t.database.stats().idle === CONNECTIONS);
  expect(t.database.stats()).toMatchObject({ size: CONNECTIONS, busy: 0, waiting: 0 });
  expect(await idleInTransaction(t)).toBe(0);
});

const TRANSACTIONS = 600;
/** More than connections, so that some always wait, and few enough that none waits too long on a slow machine. */
const CALLERS = 18;
/** Kills follow progress rather than time, so that a slow machine sees as many as a fast one. */
const TRANSACTIONS_PER_KILL = 6;
const KILLS_MIN = 40;

type Outcome = "ok" | "unknown" | string;

async function outcomeOf(work: () => Promise<unknown>, n: number): Promise<Outcome> {
  try {
    await work();
    return "ok";
  } catch (error) {
    if (error instanceof UnknownOutcomeError) return "unknown";
    if (error instanceof ConnectionLostError) return "lost";
    return `${n}: ${String(error)}`;
  }
}

/** Every shape of transaction the product has. */
async function writeBoth(database: Database, n: number): Promise<void> {
  const insert = (half: number) => ({ text: "insert into written (n, half) values ($1, $2)", params: [n, half] });
  await database.withTransaction(
    async (tx) => {
      switch (n % 5) {
        case 0:
          await tx.execute(sql`insert into written values (${n}, 1)`);
          await tx.execute(sql`select 1`);
          await tx.execute(sql`insert into written values (${n}, 2)`);
          return;
        case 1:
          await pipeline(tx, [insert(1), { text: "select $1::int", params: [n] }, insert(2)]);
          return;
        case 2:
          await pipeline(tx, [{ text: "select $1::int", params: [n] }]);
          await pipelineAndCommit(tx, [insert(1), insert(2)]);
          return;
        case 3:
          await tx.execute(sql`insert into written values (${n}, 1)`);
          await tx.transaction((inner) => inner.execute(sql`insert into written values (${n}, 2)`));
          return;
        default:
          await Promise.all([
            tx.execute(sql`insert into written values (${n}, 1)`),
            tx.execute(sql`insert into written values (${n}, 2)`),
          ]);
      }
    },
    { deadlineMs: 60_000, attemptsMax: 8 },
  );
}

/** Ends a random backend of the connections, again and again, as `settled` grows. */
function startKiller(t: TestDatabase, settled: () => number): { stop(): Promise<number> } {
  let running = true;
  let kills = 0;
  const done = (async () => {
    while (running) {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      if (settled() < kills * TRANSACTIONS_PER_KILL) continue;
      const [row] = await t.sql<{ killed: number }[]>`
        select count(pg_terminate_backend(pid))::integer as killed from (
          select pid from pg_stat_activity
          where application_name = 'connections under fire' and datname = current_database() and state <> 'idle'
          order by random() limit 1
        ) as victims`;
      kills += row?.killed ?? 0;
    }
  })();
  return {
    async stop() {
      running = false;
      await done;
      return kills;
    },
  };
}

async function idleInTransaction(t: TestDatabase): Promise<number> {
  const [row] = await t.sql<{ count: number }[]>`
    select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and state like 'idle in transaction%' and pid <> pg_backend_pid()`;
  return row?.count ?? 0;
}
