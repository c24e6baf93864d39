import { join } from "node:path";
import { type CalledProcess, type Methods, startCalledProcess } from "../../server/processes/called-process.ts";

export interface StartChild {
  /** Under bench, for example "load/main.ts". */
  readonly file: string;
  /** On top of PATH alone: what a person has set in their shell must not change what is measured. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Told how to end it as soon as there is something to end. */
  readonly onEnd: (stop: () => Promise<void>) => void;
}

/** Starts a process of the bench's own. Returns when it is ready. */
export function startChild<M extends Methods>({ file, env = {}, onEnd }: StartChild): Promise<CalledProcess<M>> {
  return startCalledProcess<M>({
    module: join(BENCH, file),
    execArgv: AS_STARTED,
    env: { PATH: process.env.PATH ?? "", ...env },
    onEnd,
  });
}

const BENCH = join(import.meta.dirname, "..");

/** Node's own arguments, as `npm start` has them. */
const AS_STARTED = [
  "--max-semi-space-size=32",
  "--heap-growing-percent=80",
  ...["--import", new URL("../../server/quick-imports.js", import.meta.url).href],
];
