import { describe, expect, it } from "vitest";
import type { Database } from "../database/database.ts";
import { eventually } from "../testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { readBreaker } from "./breaker.ts";
import { recordBreaker } from "./record-breaker.ts";

describe("the record of circuit breakers", () => {
  it("shows each process's state and its changes, in order, the newest first", async () => {
    await using test = await createTestDatabase();
    const worker = recordBreaker(test.database, { instance: "worker", onError });
    const web = recordBreaker(test.database, { instance: "web-1", onError });
    worker.add({ from: "closed", to: "open", reason: "The warehouse did not answer within 5 s" });
    worker.add({ from: "open", to: "half-open", reason: undefined });
    worker.add({ from: "half-open", to: "open", reason: "again" });
    await Promise.all([worker.close(), web.close()]);
    const shown = await readBreaker(test.database);
    expect(shown.state).toBe("open");
    expect(shown.instances).toMatchObject([
      { instance: "web-1", state: "closed", halfOpenAt: null },
      { instance: "worker", state: "open" },
    ]);
    const [, { since, halfOpenAt }] = shown.instances as [unknown, { since: string; halfOpenAt: string }];
    expect(Date.parse(halfOpenAt) - Date.parse(since)).toBe(10_000);
    expect(shown.transitions.map(({ instance, from, to, reason }) => [instance, from, to, reason])).toEqual([
      ["worker", "half-open", "open", "again"],
      ["worker", "open", "half-open", null],
      ["worker", "closed", "open", "The warehouse did not answer within 5 s"],
    ]);
  });

  it("says closed where nobody has told of anything", async () => {
    await using test = await createTestDatabase();
    expect(await readBreaker(test.database)).toEqual({ state: "closed", instances: [], transitions: [] });
  });

  it("begins as closed after a restart, however the process ended before", async () => {
    await using test = await createTestDatabase();
    const killed = recordBreaker(test.database, { instance: "worker", onError });
    killed.add({ from: "closed", to: "open", reason: "down" });
    await killed.close();
    await recordBreaker(test.database, { instance: "worker", onError }).close();
    expect(await readBreaker(test.database)).toMatchObject({
      state: "closed",
      instances: [{ instance: "worker", state: "closed" }],
      transitions: [{ from: "closed", to: "open" }],
    });
  });

  it("leaves out a process that is gone: one that is open changes every few seconds", async () => {
    await using test = await createTestDatabase();
    await test.sql`
      insert into breaker_transitions (instance, from_state, to_state, at) values
        ('web-7', 'closed', 'open', clock_timestamp() - interval '61 seconds'),
        ('web-8', 'half-open', 'closed', clock_timestamp() - interval '25 hours'),
        ('web-9', 'half-open', 'closed', clock_timestamp() - interval '23 hours'),
        ('web-1', 'closed', 'half-open', clock_timestamp() - interval '50 seconds')`;
    const { state, instances } = await readBreaker(test.database);
    expect(instances.map(({ instance }) => instance)).toEqual(["web-1", "web-9"]);
    expect(state).toBe("half-open");
  });

  it("keeps the order and the times while the database is away, and tells of that once", async () => {
    await using test = await createTestDatabase();
    const errors: unknown[] = [];
    const { database, breakUntil } = breakable(test);
    const mend = breakUntil();
    const recorder = recordBreaker(database, {
      instance: "worker",
      onError: (error) => errors.push(error),
      pauseMs: 1,
    });
    recorder.add({ from: "closed", to: "open", reason: "down" });
    await eventually("it has tried a few times", () => mend.tries() > 3);
    recorder.add({ from: "open", to: "half-open", reason: undefined });
    mend.mend();
    await eventually("all is stored", async () => (await stored(test)).length === 3);
    expect(await stored(test)).toEqual([
      ["closed", "closed"],
      ["closed", "open"],
      ["open", "half-open"],
    ]);
    const [{ ordered }] = (await test.sql`
      select bool_and(at >= before) as ordered
      from (select at, lag(at) over (order by id) as before from breaker_transitions) as told`) as unknown as [
      { ordered: boolean },
    ];
    expect(ordered).toBe(true);
    expect(errors).toHaveLength(1);
    await recorder.close();
  });

  it("never goes back in time, however long a row is on its way to the database", async () => {
    await using test = await createTestDatabase();
    const { database, breakUntil } = breakable(test);
    const mend = breakUntil();
    const recorder = recordBreaker(database, { instance: "worker", onError: () => {}, pauseMs: 1 });
    recorder.add({ from: "closed", to: "open", reason: "down" });
    await eventually("both are older than what is stored next", () => mend.tries() > 3);
    // As a row that took longer to arrive: its time is later than it should be.
    await test.sql`
      insert into breaker_transitions (instance, from_state, to_state, at) values
        ('worker', 'half-open', 'closed', clock_timestamp()),
        ('web-1', 'half-open', 'closed', clock_timestamp())`;
    mend.mend();
    await eventually("all is stored", async () => (await stored(test)).length === 4);
    await recorder.close();
    const [row] = await test.sql`
      select count(*)::int as count, bool_and(at >= before) as ordered
      from (select at, lag(at) over (order by id) as before from breaker_transitions where instance = 'worker') as told`;
    expect(row).toEqual({ count: 3, ordered: true });
  });

  it("does not follow a row from a time when the database's clock was ahead", async () => {
    await using test = await createTestDatabase();
    await test.sql`
      insert into breaker_transitions (instance, from_state, to_state, at) values
        ('worker', 'half-open', 'closed', clock_timestamp() + interval '1 hour')`;
    const recorder = recordBreaker(test.database, { instance: "worker", onError });
    recorder.add({ from: "closed", to: "open", reason: "down" });
    await recorder.close();
    const times = await test.sql`
      select at <= clock_timestamp() as "isPast" from breaker_transitions where instance = 'worker' order by id`;
    expect(times.map(({ isPast }) => isPast)).toEqual([false, true, true]);
  });

  it("lets a process stop although the database is away", async () => {
    await using test = await createTestDatabase();
    const { database, breakUntil } = breakable(test);
    breakUntil();
    const recorder = recordBreaker(database, { instance: "worker", onError: () => {}, pauseMs: 3_600_000 });
    recorder.add({ from: "closed", to: "open", reason: "down" });
    await recorder.close();
    expect(await stored(test)).toEqual([]);
  });
});

async function stored(test: TestDatabase): Promise<string[][]> {
  const rows = await test.sql`select from_state as "from", to_state as "to" from breaker_transitions order by id`;
  return rows.map(({ from, to }) => [from, to]);
}

/** A store whose transactions fail until it is mended. */
function breakable({ database }: TestDatabase) {
  let tries = 0;
  let isBroken = false;
  const broken: Database = {
    ...database,
    withTransaction: (work, options) => {
      tries++;
      return isBroken ? Promise.reject(new Error("the database is away")) : database.withTransaction(work, options);
    },
  };
  return {
    database: broken,
    breakUntil() {
      isBroken = true;
      return {
        tries: () => tries,
        mend: () => {
          isBroken = false;
        },
      };
    },
  };
}

function onError(error: unknown): void {
  throw error;
}
