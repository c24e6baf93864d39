import { sql } from "drizzle-orm";
import postgres from "postgres";
import { expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { temporaryFolder } from "./embedded/embedded.fixture.ts";
import { startEmbedded } from "./embedded/start-embedded.ts";
import { UnknownOutcomeError } from "./errors.ts";
import { faultOf } from "./fault-of.ts";

test("a server that is restarted under load loses nothing it confirmed, and work goes on by itself", async () => {
  await using folder = await temporaryFolder("a cluster");
  const dataDir = folder.path;
  let server = await startEmbedded({ dataDir });
  const { url } = server;
  const arranging = postgres(url, { max: 1, onnotice: () => {} });
  await arranging.unsafe("create schema shop; create table shop.written (n integer primary key)");
  await arranging.end();

  const uncaught: unknown[] = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on("uncaughtException", note);
  process.on("unhandledRejection", note);
  const database = await openDatabase({ url, schema: "shop", poolSize: 4 });
  try {
    let running = true;
    let next = 0;
    const told = new Map<number, "ok" | "unknown" | "failed">();
    const faults = new Set<string | undefined>();
    const work = async () => {
      while (running) {
        const n = next++;
        try {
          await database.withTransaction((tx) => tx.execute(sql`insert into written values (${n})`));
          told.set(n, "ok");
        } catch (error) {
          told.set(n, error instanceof UnknownOutcomeError ? "unknown" : "failed");
          faults.add(faultOf(error)?.code);
        }
      }
    };
    const workers = Array.from({ length: 8 }, work);
    for (let restarts = 0; restarts < 3; restarts++) {
      await enoughMore(() => told.size, 200);
      await server.release();
      server = await startEmbedded({ dataDir });
      expect(server.url).toBe(url);
      await database.withTransaction((tx) => tx.execute(sql`select 1`));
    }
    await enoughMore(() => told.size, 200);
    running = false;
    await Promise.all(workers);

    const rows = await database.db.execute<{ n: number }>(sql`select n from written`);
    const found = new Set(rows.map(({ n }) => n));
    for (const [n, outcome] of told) {
      if (outcome === "ok") expect(found, `${n} was confirmed`).toContain(n);
      if (outcome === "failed") expect(found, `${n} was refused`).not.toContain(n);
    }
    expect([...faults].filter((code) => code !== "OUTCOME_UNKNOWN" && code !== "UNAVAILABLE")).toEqual([]);
    expect(uncaught).toEqual([]);
    expect(database.stats()).toMatchObject({ size: 4, idle: 4, busy: 0, waiting: 0 });
    expect(database.stats().lost).toBeGreaterThan(0);
  } finally {
    process.off("uncaughtException", note);
    process.off("unhandledRejection", note);
    await database.close();
    await server.release();
  }
});

async function enoughMore(count: () => number, more: number): Promise<void> {
  const goal = count() + more;
  while (count() < goal) await new Promise((resolve) => setTimeout(resolve, 5));
}
