import { describe, expect, it } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { trade, withoutProtection } from "../reconcile.fixture.ts";
import { reconcileState } from "../reconcile-state.ts";
import { reconcileNew } from "./reconcile-new.ts";
import { reconcileRegularly } from "./reconcile-regularly.ts";
import { TurnLostError } from "./settle-turn.ts";
import { TURN_MS, takeTurn } from "./take-turn.ts";

describe("turns", () => {
  it("are taken by one of all workers that ask at once, a minute apart", async () => {
    await using test = await createTestDatabase();
    const workers = await Promise.all(Array.from({ length: 4 }, () => test.open({ poolSize: 1 })));
    const turns = await Promise.all(workers.map((database) => takeTurn(database)));
    expect(turns.filter(({ is }) => is === "taken")).toHaveLength(1);
    for (const turn of turns) {
      if (turn.is === "not due") expect(turn.waitMs).toBeGreaterThan(TURN_MS - 10_000);
    }
    await makeDue(test);
    expect((await takeTurn(test.database)).is).toBe("taken");
  });

  it("come again when the database's clock was set back", async () => {
    await using test = await createTestDatabase();
    await test.sql`update reconcile_turns set due_at = clock_timestamp() + interval '1 day'`;
    expect((await takeTurn(test.database)).is).toBe("taken");
  });

  it("that another worker took over leave nothing behind", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    const turn = await takeTurn(test.database);
    if (turn.is !== "taken") throw new Error("there was no turn to take");
    await makeDue(test);
    await takeTurn(test.database);
    const late = reconcileNew(test.database, { turn: turn.turn, sizeMax: 1_000 });
    await expect(late).rejects.toBeInstanceOf(TurnLostError);
    expect((await reconcileState(test)).lastNew).toBeNull();
    expect(await test.sql`select from reconcile_marks where position > 0`).toHaveLength(0);
  });
});

describe("a worker that checks what is new", () => {
  it("shares the turns with the others of its store: each is run once", async () => {
    await using test = await createTestDatabase();
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    let runs = 0;
    const onRun = () => runs++;
    const workers = [];
    for (let i = 0; i < 3; i++) workers.push(reconcileRegularly(await test.open({ poolSize: 1 }), { onError, onRun }));
    await eventually("the first turn is over", () => runs === 1);
    await Promise.all(workers.map((worker) => worker.close()));
    const [turns] = await test.sql`select turn::int from reconcile_turns`;
    expect({ runs, turns: turns?.turn, errors }).toEqual({ runs: 1, turns: 1, errors: [] });
  });

  it("tells of what is broken and of what goes wrong, and lives on", async () => {
    await using test = await createTestDatabase();
    await trade(test);
    await withoutProtection(test, "update items set remaining = remaining - 1 where ordinal = 0");
    const errors: unknown[] = [];
    const worker = reconcileRegularly(test.database, { onError: (error) => errors.push(error) });
    await eventually("it was told", () => errors.length > 0);
    expect(String(errors[0])).toMatch(/InvariantBrokenError: .*stock: Broken once/);
    await worker.close();

    await test.sql`alter table reconcile_runs rename to reconcile_runs_elsewhere`;
    await makeDue(test);
    const other = reconcileRegularly(test.database, { onError: (error) => errors.push(error) });
    await eventually("it was told", () => errors.length > 1);
    await other.close();
  });

  it("stops at once while nothing is due", async () => {
    await using test = await createTestDatabase();
    await takeTurn(test.database);
    const worker = reconcileRegularly(test.database, { onError: () => {} });
    await worker.close();
    await worker.close();
  });
});

async function makeDue({ sql }: TestDatabase): Promise<void> {
  await sql`update reconcile_turns set due_at = clock_timestamp()`;
}
