import type { Socket } from "node:net";
import { explainError } from "../explain-error.ts";
import { Stopper } from "../stopper.ts";

/**
 * The life of a process that `KeptChild` keeps: it says that it is here, begins as it is told, finishes what is under way
 * when it is told to stop or a signal comes, and ends when the first process is gone.
 */
export function liveAsChild<Instructions, Message extends { readonly kind: string }>({
  begin,
  hear = () => {},
  leaving = () => {},
}: ChildLife<Instructions, Message>): void {
  const stopper = new Stopper();
  let isReady = false;

  async function start(instructions: Instructions): Promise<void> {
    const ready = await begin(instructions, stopper);
    isReady = true;
    tellParent({ kind: "ready", ...ready });
  }

  async function stop(): Promise<void> {
    if (stopper.isStopping) return;
    leaving();
    await stopper.stop().catch(fail);
    process.exit();
  }

  process.on("message", (message: ToAnyChild<Instructions> | Message, connection?: Socket) => {
    if (isBegin(message)) void start(message.instructions).catch(fail);
    else if (message.kind === "stop") void stop();
    else hear(message as Message, connection);
  });
  // A terminal sends its signals to all processes, and the first one tells all to stop: whatever comes first.
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  process.on("disconnect", () => {
    if (isReady && !stopper.isStopping) void stop();
    // Nobody waits for it any more.
    else process.exit(1);
  });
  tellParent({ kind: "here" });
}

/** Says something to the first process, if that is still there. */
export function tellParent(message: { readonly kind: string }): void {
  if (process.connected) process.send?.(message);
}

export interface ChildLife<Instructions, Message> {
  /**
   * @param stopper gets what has to be given back
   * @returns what the first process is told together with "ready"
   */
  readonly begin: (instructions: Instructions, stopper: Stopper) => Promise<object>;
  /** Hears all other messages. */
  readonly hear?: (message: Message, connection?: Socket) => void;
  /** Before it begins to finish. */
  readonly leaving?: () => void;
}

type ToAnyChild<Instructions> =
  | { readonly kind: "begin"; readonly instructions: Instructions }
  /** Finish what is under way, and end. */
  | { readonly kind: "stop" };

function isBegin<Instructions>(
  message: { readonly kind: string } | { readonly kind: "begin"; readonly instructions: Instructions },
): message is { readonly kind: "begin"; readonly instructions: Instructions } {
  return message.kind === "begin";
}

function fail(error: unknown): void {
  process.exitCode = 1;
  process.send?.({ kind: "failed", reason: explainError(error) }, () => process.exit());
}
