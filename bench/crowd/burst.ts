import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { Connection, type ConnectionOptions } from "../load/connection.ts";
import { Histogram } from "../load/histogram.ts";
import { requestFactory, type Work } from "../load/requests.ts";
import { newTally, type Tally, tallyAnswer } from "../load/tally.ts";
import { openConnections } from "./open-connections.ts";

/** Everybody at the door at once: each of these buyers asks once, one after the other over so many ms. */
export interface BurstOptions {
  readonly url: string;
  readonly work: Work;
  readonly credentials: readonly string[];
  readonly spreadMs: number;
  /** Whether each buyer's connection is open before, as that of an open page is; else it is made in the rush. */
  readonly connectedBefore: boolean;
}

export interface BurstResult extends Tally {
  readonly answers: number;
  /** From when each was due to the whole answer, so that being late to send counts too. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** When the last was on its way, after the first was due. */
  readonly sentMs: number;
  /** What sending and reading took of the CPU. */
  readonly cpuMs: number;
}

/** @param onBegin called when all is prepared, the connections too */
export async function makeBurst(options: BurstOptions, onBegin = () => {}): Promise<BurstResult> {
  const { hostname: host, port } = new URL(options.url);
  const requests = options.credentials.map((credential) =>
    requestFactory(options.work, [credential], `${host}:${port}`)(),
  );
  const tally = newTally();
  const latencies = new Histogram();
  const all = countdown(requests.length);
  const connectionOptions: ConnectionOptions = {
    host,
    port: Number(port),
    onAnswer(connection, answer) {
      latencies.add(performance.now() - connection.sentAt);
      tallyAnswer(tally, answer);
      all.oneIsDone();
    },
    onLost() {
      tally.lost += 1;
      all.oneIsDone();
    },
  };
  const before = options.connectedBefore ? await openConnections(connectionOptions, requests.length) : [];
  const opened = new Set(before);
  const send = async (index: number, dueAt: number) => {
    const connection = before[index] ?? (await Connection.open(connectionOptions));
    opened.add(connection);
    connection.send(requests[index] ?? "", dueAt);
  };

  onBegin();
  await sleep(QUIET_MS);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  for (let next = 0; next < requests.length; await turn()) {
    const due = Math.ceil(((performance.now() - startedAt) / options.spreadMs) * requests.length);
    for (; next < Math.min(due, requests.length); next++) {
      send(next, startedAt + (next / requests.length) * options.spreadMs).catch(connectionOptions.onLost);
    }
  }
  const sentMs = performance.now() - startedAt;
  await Promise.race([all.done, sleep(ANSWER_MS_MAX, undefined, { ref: false })]);
  const { user, system } = process.cpuUsage(cpu);
  await Promise.all([...opened].map((connection) => connection.finish(0)));
  return {
    ...tally,
    answers: latencies.total,
    p50Ms: latencies.quantile(0.5),
    p99Ms: latencies.quantile(0.99),
    maxMs: latencies.max,
    sentMs,
    cpuMs: (user + system) / 1_000,
  };
}

function countdown(count: number): { done: Promise<void>; oneIsDone: () => void } {
  const { promise: done, resolve } = Promise.withResolvers<void>();
  let left = count;
  const oneIsDone = () => {
    left -= 1;
    if (left === 0) resolve();
  };
  return { done, oneIsDone };
}

/** What making connections leaves to do is not the crowd's. */
const QUIET_MS = 500;

/** Longer than the shop lets anybody wait. */
const ANSWER_MS_MAX = 20_000;
