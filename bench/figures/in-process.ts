import { join } from "node:path";
import type { AbsentPeer, Contestant, Figure, Sample } from "../figure.ts";
import { makeNumberedBuyers } from "../peers/pgbench/make-buyers.ts";
import { findPgbench, runPgbench } from "../peers/pgbench/run-pgbench.ts";
import type { DeskResult, DeskRun } from "../servers/desk.ts";
import { startChild } from "../stage/child.ts";
import type { Store } from "../stage/store.ts";
import { usageOf } from "../stage/usage.ts";
import type { Stage } from "../stage.ts";
import { bestOf } from "./best-of.ts";
import { makeHotItem } from "./hot-item.ts";

const TRANSACTION = "pgbench";
const STATEMENT = "pgbench, one statement";

/** P2: what settling does without HTTP before it, beside a client written in C that sends the same transaction. */
export const inProcess: Figure = {
  id: "P2",
  what: "settling one hot item in process, 1,024 in flight",
  unit: "purchases/s",
  targets: [{ against: TRANSACTION, atLeast: 18 }],
  async prepare(stage) {
    const store = await stage.makeStore();
    return { subject: await desk(stage, store), peers: await pgbenchPeers(stage, store) };
  },
};

const IN_FLIGHT = 1_024;

async function desk(stage: Stage, store: Store): Promise<Contestant> {
  const child = startChild(join(import.meta.dirname, "../servers/desk.ts"), {
    DATABASE_URL: store.url,
    DATABASE_SCHEMA: store.schema,
    BENCH_BUYERS: store.buyersFile,
  });
  stage.onEnd(() => child.stop());
  await child.next("ready");
  const itemId = await makeHotItem(store);
  return {
    name: "doorbuster",
    async round(): Promise<Sample> {
      const { roundMs: ms, warmUpMs } = stage;
      const run: DeskRun = { itemId, inFlight: IN_FLIGHT, warmUpMs, ms };
      child.send({ kind: "run", ...run });
      await child.next("counting");
      const before = await usages(stage, child.pid);
      await child.next("counted");
      const after = await usages(stage, child.pid);
      const { result } = await child.next<{ result: DeskResult }>("result");
      const cpuUs = (of: 0 | 1) => (((after[of]?.cpuMs ?? 0) - (before[of]?.cpuMs ?? 0)) * 1_000) / result.purchases;
      const details = { "server CPU µs/purchase": cpuUs(0), "database CPU µs/purchase": cpuUs(1) };
      return { value: result.perSecond, ...(after[0] && { details }) };
    },
  };
}

function usages(stage: Stage, pid: number) {
  return Promise.all([usageOf(pid), usageOf(stage.postmasterPid)]);
}

/** The transaction at the number of clients that suits it; one statement, where the client decides nothing, for comparison. */
async function pgbenchPeers(stage: Stage, store: Store): Promise<(Contestant | AbsentPeer)[]> {
  const pgbench = findPgbench();
  if (pgbench === undefined) {
    return [TRANSACTION, STATEMENT].map((name) => ({ name, absentBecause: "pgbench is not installed" }));
  }
  await makeNumberedBuyers(store.sql, store.buyers.length, PGBENCH_BALANCE_CENTS);
  const ending = new AbortController();
  stage.onEnd(async () => ending.abort());
  const peer = async (name: string, script: string, clients: number[]) => {
    const variables = { item: await makeHotItem(store), buyers: store.buyers.length };
    const shared = { pgbench, url: store.url, schema: store.schema, script, variables, signal: ending.signal };
    return bestOf(stage, "clients", clients, (setting, { roundMs: ms }) => ({
      name,
      round: async () => ({
        value: await runPgbench({ ...shared, clients: setting, ms: Math.max(ms, PGBENCH_MS_MIN) }),
      }),
    }));
  };
  return [await peer(TRANSACTION, "transaction.sql", [8, 32, 100]), await peer(STATEMENT, "statement.sql", [1, 8])];
}

/** Each of its clients connects and prepares first, which counts. */
const PGBENCH_MS_MIN = 2_000;

const PGBENCH_BALANCE_CENTS = 1_000_000_000;
