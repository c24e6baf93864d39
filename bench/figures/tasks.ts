import type { Contestant, Figure } from "../figure.ts";
import type { DrainMethods } from "../peers/tasks/drain.ts";
import type { Store } from "../stage/store.ts";
import { cpuPer, usagesOf } from "../stage/usage.ts";
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
    const best = (engine: string, settingName: string, settings: readonly number[]) =>
      bestOf(stage, settingName, settings, (setting, during) => drainer(during, { store, engine, setting }));
    return {
      subject: await best("doorbuster", "attempts at a time", [1_000, 2_000]),
      peers: [
        await best(PG_BOSS, "workers of 500", [1, 2, 4]),
        await best(GRAPHILE_WORKER, "jobs at a time", [24, 100, 500]),
      ],
    };
  },
};

interface Drainer {
  readonly store: Store;
  /** A file in `peers/tasks`. */
  readonly engine: string;
  readonly setting: number;
}

/** A process of its own for each round, so that nobody polls while others are measured. */
function drainer(stage: Stage, { store, engine, setting }: Drainer): Contestant {
  const usages = () => usagesOf({ database: stage.postmasterPid });
  return {
    name: engine,
    async round() {
      const env = { ...store.env, BENCH_SETTING: String(setting) };
      const child = await stage.startChild<DrainMethods>(`peers/tasks/${engine}.ts`, env);
      const drained = async (tasks: number) => {
        await child.call("store", tasks);
        const before = await usages();
        const result = await child.call("drained");
        if (!result) throw new Error("nothing was stored");
        return { ...result, during: { before, after: await usages() } };
      };
      const first = await drained(TASKS_FIRST);
      const tasks = Math.max(TASKS_FIRST, Math.round((TASKS_FIRST / first.ms) * stage.roundMs));
      const { ms, cpuUs, during } = await drained(tasks);
      await child.stop();
      return {
        value: (tasks / ms) * 1_000,
        details: { "process CPU µs/task": cpuUs / tasks, ...cpuPer("task", tasks, during) },
      };
    },
  };
}

/** To warm up, and to see how many a round takes. */
const TASKS_FIRST = 5_000;
