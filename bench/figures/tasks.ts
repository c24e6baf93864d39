import { join } from "node:path";
import type { Contestant, Figure, Sample } from "../figure.ts";
import type { Drained, DrainRun } from "../peers/tasks/drain.ts";
import { startChild } from "../stage/child.ts";
import type { Store } from "../stage/store.ts";
import { type Usage, usageOf } from "../stage/usage.ts";
import type { Stage } from "../stage.ts";
import { bestOf } from "./best-of.ts";

const PG_BOSS = "pg-boss";
const GRAPHILE_WORKER = "graphile-worker";

/**
 * P9: tasks that do nothing, worked off by one process, beside two engines that many use. All are stored first. Ours
 * writes a row of log for each transition and fences each end; the others do not.
 */
export const tasks: Figure = {
  id: "P9",
  what: "tasks worked off by one process, no-op",
  unit: "tasks/s",
  targets: [
    { against: PG_BOSS, atLeast: 1 },
    { against: GRAPHILE_WORKER, atLeast: 1 },
  ],
  async prepare(stage) {
    const store = await stage.makeStore();
    const contestant = (name: string, file: string, setting: number, during = stage) =>
      drainer({ stage, during, store, name, file, setting });
    return {
      subject: await bestOf(stage, "attempts at a time", [1_000, 2_000], (setting, during) =>
        contestant("doorbuster", "../servers/tasks.ts", setting, during),
      ),
      peers: [
        await bestOf(stage, "workers of 500", [1, 2, 4], (setting, during) =>
          contestant(PG_BOSS, "../peers/tasks/pg-boss.ts", setting, during),
        ),
        await bestOf(stage, "jobs at a time", [24, 100, 500], (setting, during) =>
          contestant(GRAPHILE_WORKER, "../peers/tasks/graphile-worker.ts", setting, during),
        ),
      ],
    };
  },
};

interface DrainerOptions {
  /** Of the whole figure. */
  readonly stage: Stage;
  /** How long a round takes here. */
  readonly during: Stage;
  readonly store: Store;
  readonly name: string;
  /** Of the process. */
  readonly file: string;
  readonly setting: number;
}

/** A process of its own for each round, so that nobody polls while others are measured. */
function drainer({ stage, during, store, name, file, setting }: DrainerOptions): Contestant {
  return {
    name,
    async round(): Promise<Sample> {
      const child = startChild(join(import.meta.dirname, file), {
        DATABASE_URL: store.url,
        DATABASE_SCHEMA: store.schema,
        BENCH_SETTING: String(setting),
      });
      stage.onEnd(() => child.stop());
      await child.next("ready");
      const first = await portion(child, TASKS_FIRST);
      const tasks = Math.max(TASKS_FIRST, Math.round((first.tasks / first.ms) * during.roundMs));
      let before: Usage | undefined;
      const { ms, cpuUs } = await portion(child, tasks, async () => {
        before = await usageOf(stage.postmasterPid);
      });
      const after = await usageOf(stage.postmasterPid);
      await child.stop();
      return {
        value: (tasks / ms) * 1_000,
        details: {
          "process CPU µs/task": cpuUs / tasks,
          ...(before && after && { "database CPU µs/task": ((after.cpuMs - before.cpuMs) * 1_000) / tasks }),
        },
      };
    },
  };
}

async function portion(
  child: ReturnType<typeof startChild>,
  tasks: number,
  onStored: () => Promise<void> = async () => {},
): Promise<Drained> {
  const run: DrainRun = { tasks };
  child.send({ kind: "drain", ...run });
  await child.next("stored");
  await onStored();
  return child.next<Drained>("drained");
}

/** To warm up, and to see how many a round takes. */
const TASKS_FIRST = 5_000;
