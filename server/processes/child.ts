import type { Socket } from "node:net";
import { isDatabaseAway } from "../database/retry-while-away.ts";
import { explainError } from "../explain-error.ts";
import type { MetricsJson } from "../metrics/metrics-json.ts";
import { Stopper } from "../stopper.ts";
import type { Failed, FromAnyChild, ToAnyChild } from "./child-messages.ts";

/**
 * The life of a process that `KeptChild` keeps: it says that it is here, begins as it is told, finishes what is under way
 * when it is told to stop, and ends when the first process is gone.
 */
export function liveAsChild<Instructions, Message extends { readonly kind: string }>({
  begin,
  hear = () => {},
  leaving = () => {},
  collect,
  stopsOnSignals = true,
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

  process.on("message", (message: Order<Instructions> | ToAnyChild | Message, connection?: Socket) => {
    if (isBegin(message)) void start(message.instructions).catch(fail);
    else if (message.kind === "stop") void stop();
    else if (isAboutMetrics(message)) void hearOfMetrics(message, collect);
    else hear(message as Message, connection);
  });
  // A terminal sends its signals to all processes at once, as other hosts do, and the first one tells all to stop.
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      if (stopsOnSignals) void stop();
    });
  }
  process.on("disconnect", () => {
    if (isReady && !stopper.isStopping) void stop();
    // Nobody waits for it any more.
    else process.exit(1);
  });
  tellParent({ kind: "here" });
}

/** Says something to the first process, if that is still there. */
export function tellParent<Message extends { readonly kind: string }>(message: Message): void {
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
  /** Whether it stops on a signal, or waits to be told: others may need it to the last. Default: yes. */
  readonly stopsOnSignals?: boolean;
  /** Its metrics, once it has any. */
  readonly collect?: () => Promise<MetricsJson>;
}

/** Asks for the metrics of another process, by way of the first one. Never settles when that one cannot tell. */
export function metricsOfAnother(instance: string): Promise<MetricsJson> {
  const id = ++questions;
  const answer = Promise.withResolvers<MetricsJson>();
  asked.set(id, answer.resolve);
  setTimeout(() => asked.delete(id), FORGET_MS).unref();
  tellParent({ kind: "ask metrics", id, of: instance } satisfies FromAnyChild);
  return answer.promise;
}

/** Who waits for the metrics of another process. */
const asked = new Map<number, (metrics: MetricsJson) => void>();
let questions = 0;

/** Nobody waits for an answer any more. */
const FORGET_MS = 60_000;

async function hearOfMetrics(message: ToAnyChild, collect: (() => Promise<MetricsJson>) | undefined): Promise<void> {
  switch (message.kind) {
    case "collect metrics": {
      // Whoever asks does not wait long for one that cannot tell.
      const metrics = await collect?.().catch(() => undefined);
      if (metrics) tellParent({ kind: "metrics", id: message.id, metrics } satisfies FromAnyChild);
      break;
    }
    case "metrics of another":
      asked.get(message.id)?.(message.metrics);
      asked.delete(message.id);
      break;
    default:
      message satisfies never;
  }
}

function isAboutMetrics(message: { readonly kind: string }): message is ToAnyChild {
  return message.kind === "collect metrics" || message.kind === "metrics of another";
}

type Order<Instructions> =
  | { readonly kind: "begin"; readonly instructions: Instructions }
  /** Finish what is under way, and end. */
  | { readonly kind: "stop" };

function isBegin<Instructions>(
  message: { readonly kind: string } | Order<Instructions>,
): message is { readonly kind: "begin"; readonly instructions: Instructions } {
  return message.kind === "begin";
}

function fail(error: unknown): void {
  process.exitCode = 1;
  const message: Failed = { kind: "failed", reason: explainError(error), isDatabaseAway: isDatabaseAway(error) };
  process.send?.(message, () => process.exit());
}
