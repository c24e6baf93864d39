import { spawn } from "node:child_process";
import { basename } from "node:path";

/** What a process can be asked to do, by name: each takes and answers what JSON holds. */
export type Methods = Readonly<Record<string, (...args: never[]) => unknown>>;

/** A Node process that has called `answerCalls`. It ends when this process does. */
export interface CalledProcess<M extends Methods> {
  readonly pid: number;
  /** @throws what it throws there, or when the process ends first */
  call<K extends keyof M & string>(name: K, ...args: Parameters<M[K]>): Promise<Awaited<ReturnType<M[K]>>>;
  /** Tells it to finish, and ends it when it does not. Safe to call twice. */
  stop(): Promise<void>;
}

/** What is called, and what comes back: `text` when it failed. */
export interface Call {
  readonly id: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly text?: string;
}

/** The id of the answer that comes by itself, once the process is ready. */
export const READY = 0;

export interface StartCalledProcess {
  /** The path of what it runs, which calls `answerCalls`. */
  readonly module: string;
  /** Node's own arguments. */
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Told how to end it as soon as there is something to end. */
  readonly onEnd: (stop: () => Promise<void>) => void;
}

/** Returns when it is ready. */
export async function startCalledProcess<M extends Methods>({
  module,
  execArgv,
  env,
  onEnd,
}: StartCalledProcess): Promise<CalledProcess<M>> {
  const file = basename(module);
  const child = spawn(process.execPath, [...execArgv, module], {
    // Ctrl+C in a terminal goes to the whole group; these are told by their parent instead.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env,
  });
  const pending = new Map<number, PromiseWithResolvers<unknown>>();
  const exited = new Promise<void>((resolve) => {
    const over = (how: unknown) => {
      for (const { reject } of pending.values()) reject(new Error(`${file} ended with ${how}`));
      resolve();
    };
    child.once("exit", (code, signal) => over(code ?? signal));
    // A channel that breaks breaks because the process ends.
    child.on("error", (error) => child.pid === undefined && over(error.message));
  });
  const answerTo = (id: number) => {
    const answer = Promise.withResolvers<unknown>();
    pending.set(id, answer);
    return answer.promise;
  };
  child.on("message", ({ id, result, text }: Answer) => {
    if (text === undefined) pending.get(id)?.resolve(result);
    else pending.get(id)?.reject(new Error(`${file}: ${text}`));
    pending.delete(id);
  });
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    if (child.pid === undefined || hasEnded()) return;
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
    await exited;
    clearTimeout(timer);
  };
  const ready = answerTo(READY);
  onEnd(stop);
  await ready;
  let calls: number = READY;
  return {
    pid: child.pid ?? 0,
    async call(name, ...args) {
      if (hasEnded()) throw new Error(`${file} has ended`);
      calls += 1;
      const answer = answerTo(calls);
      child.send({ id: calls, name, args } satisfies Call);
      return (await answer) as never;
    },
    stop,
  };
}

/** The shop finishes what is under way within 10 s. */
const STOP_MS_MAX = 15_000;
