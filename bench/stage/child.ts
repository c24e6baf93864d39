import { spawn } from "node:child_process";

/** A Node process of the bench's own, spoken with by messages that have a `kind`. It ends when this process does. */
export interface Child {
  readonly pid: number;
  send(message: Message): void;
  /** The next message of that kind. @throws when the process ends first, or says that it failed */
  next<T = unknown>(kind: string): Promise<T>;
  /** Tells it to finish, and ends it when it does not. Safe to call twice. */
  stop(): Promise<void>;
}

export interface Message {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** Told of a process as soon as there is one, so that it can be ended before it is ready. */
export type OnChild = (child: Child) => void;

/** @param env on top of PATH alone: what a person has set in their shell must not change what is measured */
export function startChild(file: string, env: Readonly<Record<string, string>>, argv: readonly string[] = []): Child {
  const child = spawn(process.execPath, [...AS_STARTED, file, ...argv], {
    // Ctrl+C in a terminal goes to the whole group; these are told by their parent instead.
    detached: true,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: { PATH: process.env.PATH ?? "", ...env },
  });
  const exited = new Promise<number | string | null>((resolve) => {
    child.once("exit", (code, signal) => resolve(code ?? signal));
    child.once("error", (error) => child.pid === undefined && resolve(error.message));
  });
  const failed = exited.then((how) => {
    throw new Error(`${file} ended with ${how}`);
  });
  // Nobody may be waiting for a message when it ends.
  failed.catch(() => {});
  // A channel that breaks breaks because the process ends.
  child.on("error", () => {});

  const unread: Message[] = [];
  let wake = Promise.withResolvers<void>();
  child.on("message", (message) => {
    unread.push(message as Message);
    wake.resolve();
    wake = Promise.withResolvers();
  });

  async function next<T>(kind: string): Promise<T> {
    for (;;) {
      const failure = unread.find((message) => message.kind === "failed");
      if (failure) throw new Error(`${file}: ${failure.text}`);
      const at = unread.findIndex((message) => message.kind === kind);
      if (at !== -1) return unread.splice(at, 1)[0] as T;
      await Promise.race([wake.promise, failed]);
    }
  }

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
    await exited;
    clearTimeout(timer);
  }

  return {
    pid: child.pid ?? 0,
    send: (message) => void child.send(message),
    next,
    stop,
  };
}

/** Node's own arguments, as `npm start` has them. */
const AS_STARTED = [
  "--max-semi-space-size=32",
  "--heap-growing-percent=80",
  ...["--import", new URL("../../server/quick-imports.js", import.meta.url).href],
];

/** The shop finishes what is under way within 10 s. */
const STOP_MS_MAX = 15_000;
