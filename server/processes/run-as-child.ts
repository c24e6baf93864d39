import { isDatabaseAway } from "../database/retry-while-away.ts";
import type { MetricsJson } from "../metrics/metrics-json.ts";
import { explainError } from "./explain-error.ts";
import { Stopper } from "./stopper.ts";

/**
 * The life of a process that `SupervisedProcess` keeps running: it says that it is here, begins as it is told, finishes
 * what is under way when it is told to stop, and ends when its parent is gone.
 */
export function runAsChild<Instructions>({ begin, collect }: ChildWork<Instructions>): void {
  const stopper = new Stopper();
  let isWorking = false;

  async function start(instructions: Instructions): Promise<void> {
    await begin(instructions, stopper);
    isWorking = true;
    tellParent({ kind: "working" });
  }

  async function stop(): Promise<void> {
    if (stopper.isStopping) return;
    await stopper.stop().catch(fail);
    process.exit();
  }

  async function tellMetrics(): Promise<void> {
    // Whoever asks does not wait long for one that cannot tell.
    const metrics = await collect?.().catch(() => undefined);
    if (metrics) tellParent({ kind: "metrics", metrics });
  }

  process.on("message", (message: ToChild<Instructions>) => {
    switch (message.kind) {
      case "begin":
        void start(message.instructions).catch(fail);
        break;
      case "collect metrics":
        void tellMetrics();
        break;
      case "stop":
        void stop();
        break;
      default:
        message satisfies never;
    }
  });
  // A terminal sends its signals to all processes at once. The shop needs this one to the last, and tells it to stop.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => {});
  process.on("disconnect", () => {
    if (isWorking) void stop();
    // Nobody waits for it any more.
    else process.exit(1);
  });
  tellParent({ kind: "here" });
}

interface ChildWork<Instructions> {
  /** @param stopper gets what has to be given back */
  readonly begin: (instructions: Instructions, stopper: Stopper) => Promise<void>;
  readonly collect?: () => Promise<MetricsJson>;
}

function tellParent(message: FromChild): void {
  if (process.connected) process.send?.(message);
}

function fail(error: unknown): void {
  process.exitCode = 1;
  const message: FromChild = { kind: "failed", reason: explainError(error), isDatabaseAway: isDatabaseAway(error) };
  process.send?.(message, () => process.exit());
}

/** What the parent says. */
export type ToChild<Instructions> =
  | { readonly kind: "begin"; readonly instructions: Instructions }
  | { readonly kind: "collect metrics" }
  /** Finish what is under way, and end. */
  | { readonly kind: "stop" };

export type FromChild =
  /** Waits for its instructions. */
  | { readonly kind: "here" }
  | { readonly kind: "working" }
  /** The answer to "collect metrics". */
  | { readonly kind: "metrics"; readonly metrics: MetricsJson }
  | ({ readonly kind: "failed" } & StartFailure);

/** Why it could not start. */
export interface StartFailure {
  readonly reason: string;
  /** The database does not answer now: the next start may succeed. */
  readonly isDatabaseAway: boolean;
}
