import { onParentGone, tell, telling } from "../../stage/parent.ts";

/** Something that works tasks off, as the bench drives it. */
export interface TaskEngine {
  /** Stores so many tasks that do nothing, to be worked off at once. */
  store(count: number): Promise<void>;
  /** How many are not stored as done. */
  open(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * A process that works tasks off, told by `DrainRun`. Opened with what each task has to call.
 *
 * The clock runs from the first task that is begun until the last one is stored as done, so that how soon an engine
 * notices that there is something to do does not count.
 */
export async function drain(open: (work: () => void) => Promise<TaskEngine>): Promise<void> {
  let onTask = () => {};
  const engine = await open(() => onTask());
  onParentGone(() => engine.stop());
  process.on("message", (message: DrainRun) =>
    telling(async () => ({ kind: "drained", ...(await drainOnce(message.tasks)) })),
  );
  tell({ kind: "ready" });

  async function drainOnce(tasks: number): Promise<Drained> {
    let done = 0;
    let firstAtMs = 0;
    let cpuBefore = process.cpuUsage();
    const allDone = Promise.withResolvers<void>();
    onTask = () => {
      if (done++ === 0) {
        firstAtMs = performance.now();
        cpuBefore = process.cpuUsage();
      }
      if (done === tasks) allDone.resolve();
    };
    await engine.store(tasks);
    tell({ kind: "stored" });
    await allDone.promise;
    while ((await engine.open()) > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const ms = performance.now() - firstAtMs;
    const { user, system } = process.cpuUsage(cpuBefore);
    if (done !== tasks) throw new Error(`${done} of ${tasks} tasks were done`);
    return { tasks, ms, cpuUs: user + system };
  }
}

export interface DrainRun {
  /** How many are stored and worked off. */
  readonly tasks: number;
}

export interface Drained {
  readonly tasks: number;
  readonly ms: number;
  /** Of this process. */
  readonly cpuUs: number;
}

const LOOK_EVERY_MS = 2;
