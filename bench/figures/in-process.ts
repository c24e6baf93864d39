import type { AbsentPeer, Contestant, Figure } from "../figure.ts";
import { makeNumberedBuyers } from "../peers/pgbench/make-buyers.ts";
import { findPgbench, runPgbench } from "../peers/pgbench/run-pgbench.ts";
import type { SettleMethods } from "../servers/settle.ts";
import type { Store } from "../stage/store.ts";
import { cpuPer, usagesOf } from "../stage/usage.ts";
import type { Stage } from "../stage.ts";
import { bestOf } from "./best-of.ts";
import { makeHotItem } from "./over-http.ts";

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
    return { subject: await inProcessOf(stage, store), peers: await pgbenchPeers(stage, store) };
  },
};

const IN_FLIGHT = 1_024;

async function inProcessOf(stage: Stage, store: Store): Promise<Contestant> {
  const child = await stage.startChild<SettleMethods>("servers/settle.ts", store.env);
  const itemId = await makeHotItem(store);
  const usages = () => usagesOf({ server: child.pid, database: stage.postmasterPid });
  return {
    name: "doorbuster",
    async round() {
      await child.call("begin", { itemId, inFlight: IN_FLIGHT, warmUpMs: stage.warmUpMs });
      const before = await usages();
      const { purchases, seconds } = await child.call("count", stage.roundMs);
      const after = await usages();
      await child.call("end");
      return { value: purchases / seconds, details: cpuPer("purchase", purchases, { before, after }) };
    },
  };
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
