import { type MetricsJson, metricsText } from "./metrics-json.ts";

/** A process that can be asked for its metrics. */
export interface AskedProcess {
  /** Stays the same when another process takes over: `web-1`. */
  readonly instance: string;
  /** Rejects, or does not settle in time, when the process cannot tell. */
  collect(): Promise<MetricsJson>;
}

/**
 * All that one shop tells, as one text: the store's metrics once, and those of each process beside each other. Who does
 * not answer in time is left out and named by `doorbuster_process_up`, so that a process that hangs does not hide the rest.
 */
export async function gatherMetrics({ store, processes, waitMs = ANSWER_MS_MAX }: Gathered): Promise<string> {
  const answers = await Promise.all(processes.map((process) => answerOf(process, waitMs)));
  const up: MetricsJson = [
    {
      name: "doorbuster_process_up",
      help: "1 for each process of the shop that told its metrics, 0 for each that did not in time.",
      type: "gauge",
      values: processes.map(({ instance }, index) => ({
        labels: { process: instance },
        value: answers[index] === undefined ? 0 : 1,
      })),
    },
  ];
  const told = answers.filter((answer) => answer !== undefined);
  return metricsText([up, await store(), ...told]);
}

export interface Gathered {
  /** What the database knows: the same whichever process asks. */
  readonly store: () => Promise<MetricsJson>;
  readonly processes: readonly AskedProcess[];
  /** How long a process has to answer. Default: one second. */
  readonly waitMs?: number;
}

/** A process that is busy for longer has a problem worth seeing; Prometheus waits 10 s for all. */
const ANSWER_MS_MAX = 1_000;

async function answerOf(process: AskedProcess, waitMs: number): Promise<MetricsJson | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, waitMs, undefined);
  });
  try {
    return await Promise.race([process.collect(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
