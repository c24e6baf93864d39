import { setTimeout as sleep } from "node:timers/promises";
import { closedLoop } from "./closed-loop.ts";
import type { Connection } from "./connection.ts";
import { Histogram } from "./histogram.ts";
import { openLoop } from "./open-loop.ts";
import { requestFactory, type Work } from "./requests.ts";
import type { Answer } from "./response-parser.ts";
import { newTally, type Tally, tallyAnswer } from "./tally.ts";

/** What is sent to a server, and for how long. */
export interface LoadOptions {
  /** For example http://127.0.0.1:41234. */
  readonly url: string;
  readonly work: Work;
  /** Requests under way at once; in an open loop the most. */
  readonly connections: number;
  /** Requests that begin each second, whatever becomes of earlier ones: makes it an open loop. */
  readonly perSecond?: number;
  /** Not counted. */
  readonly warmUpMs: number;
  readonly ms: number;
}

export interface LoadResult extends Tally {
  /** Within the counted time. */
  readonly answers: number;
  readonly seconds: number;
  readonly perSecond: number;
  /** From sending, or in an open loop from when it was due, to the whole answer. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** What this load took of the CPU for each answer. */
  readonly cpuUsPerAnswer: number;
  /** Requests of an open loop that were due and still waited for a connection at the end. */
  readonly unsent: number;
}

/** When counting begins and ends, for whoever measures something else over the same time. */
export interface LoadHooks {
  readonly onCounting?: () => void;
  readonly onCounted?: () => void;
}

/** Makes the load in this process. */
export async function makeLoad(
  options: LoadOptions,
  credentials: readonly string[],
  { onCounting = () => {}, onCounted = () => {} }: LoadHooks = {},
): Promise<LoadResult> {
  const { hostname: host, port } = new URL(options.url);
  let counting = false;
  let tally = newTally();
  let latencies = new Histogram();
  const loopOptions = {
    target: { host, port: Number(port) },
    connections: options.connections,
    makeRequest: requestFactory(options.work, credentials, `${host}:${port}`),
    onAnswer(connection: Connection, answer: Answer) {
      if (!counting) return;
      latencies.add(performance.now() - connection.sentAt);
      tallyAnswer(tally, answer);
    },
    onLost() {
      tally.lost += 1;
    },
  };
  const { perSecond } = options;
  const loop = await (perSecond === undefined ? closedLoop(loopOptions) : openLoop({ ...loopOptions, perSecond }));

  await sleep(options.warmUpMs);
  // What was lost meanwhile stays: no server may lose anybody.
  tally = { ...newTally(), lost: tally.lost };
  latencies = new Histogram();
  counting = true;
  onCounting();
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await sleep(options.ms);
  counting = false;
  onCounted();
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const unsent = loop.unsent();
  await loop.end(LAST_ANSWERS_MS);
  const answers = latencies.total;
  return {
    ...tally,
    answers,
    seconds,
    perSecond: answers / seconds,
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
    maxMs: latencies.max,
    cpuUsPerAnswer: (user + system) / Math.max(1, answers),
    unsent,
  };
}

/** Longer than the shop lets anybody wait in line. */
const LAST_ANSWERS_MS = 12_000;
