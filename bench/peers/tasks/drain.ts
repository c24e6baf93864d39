import { setTimeout as sleep } from "node:timers/promises";
import { answerCalls } from "../../../server/processes/answer-calls.ts";

/** Something that works tasks off, as the bench drives it. */
export interface TaskEngine {
  /** Stores so many tasks that do nothing, to be worked off at once. */
  store(count: number): Promise<void>;
  /** How many are not stored as done. */
  open(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * A process that works tasks off. Opened with what each task has to call.
 *
 * The clock runs from the first task that is begun until the last one is stored as done, so that how soon an engine
 * notices that there is something to do does not count.
 */
export async function drain(open: (work: () => void) => Promise<TaskEngine>): Promise<void> {
  let onTask = () => {};
  let drained: Promise<Drained> | undefined;
  await answerCalls<DrainMethods>(async () => {
    const engine = await open(() => onTask());
    return {
      methods: {
        async store(tasks) {
          drained = drainOnce(engine, tasks, (work) => (onTask = work));
          await engine.store(tasks);
        },
        drained: () => drained,
      },
      stop: () => engine.stop(),
    };
  });
}

async function drainOnce(engine: TaskEngine, tasks: number, setWork: (work: () => void) => void): Promise<Drained> {
  let done = 0;
  let firstAtMs = 0;
  let cpuBefore = process.cpuUsage();
  await new Promise<void>((resolve) =>
    setWork(() => {
      if (done++ === 0) {
        firstAtMs = performance.now();
        cpuBefore = process.cpuUsage();
      }
      if (done === tasks) resolve();
    }),
  );
  while ((await engine.open()) > 0) await sleep(LOOK_EVERY_MS);
  const ms = performance.now() - firstAtMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  if (done !== tasks) throw new Error(`${done} of ${tasks} tasks were done`);
  return { ms, cpuUs: user + system };
}

export type DrainMethods = {
  /** Stores so many, which are worked off at once. */
  store(tasks: number): Promise<void>;
  /** Once all of them are done. */
  drained(): Promise<Drained> | undefined;
};

interface Drained {
  readonly ms: number;
  /** Of this process. */
  readonly cpuUs: number;
}

const LOOK_EVERY_MS = 2;
