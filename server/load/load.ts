import { setTimeout as sleep } from "node:timers/promises";
import { Connection, untilAnswered } from "./connection.ts";
import { requestFactory, type Work } from "./requests.ts";
import { Tally, type TallyCounts } from "./tally.ts";

/** What is sent to a server. */
export interface LoadOptions {
  /** For example http://127.0.0.1:41234. */
  readonly url: string;
  readonly work: Work;
  /** Each sends its next request when the last one is answered: the server sets the pace. */
  readonly connections: number;
  /** Not counted. */
  readonly warmUpMs: number;
}

export interface LoadResult extends TallyCounts {
  readonly perSecond: number;
  /** What this load took of the CPU for each answer. */
  readonly cpuUsPerAnswer: number;
}

export interface Load {
  /** Counts what is answered from now on, for so long. */
  count(ms: number): Promise<LoadResult>;
  /** Sends nothing more, waits for the answers under way, and closes all connections. */
  end(): Promise<void>;
}

/** Makes the load in this process. Returns when it is warm. */
export async function makeLoad(options: LoadOptions, credentials: readonly string[]): Promise<Load> {
  const makeRequest = requestFactory(options.work, credentials, new URL(options.url).host);
  let tally = new Tally();
  /** Of the whole time: no server may lose anybody. */
  let lost = 0;
  let underWay = 0;
  let hasEnded = false;
  const sendNext = (connection: Connection) => {
    if (hasEnded) return;
    underWay += 1;
    connection.send(makeRequest(), performance.now());
  };
  const open = () =>
    Connection.open({
      url: options.url,
      onAnswer(connection, answer) {
        underWay -= 1;
        tally.add(answer, performance.now() - connection.sentAt);
        sendNext(connection);
      },
      onLost() {
        underWay -= 1;
        lost += 1;
      },
    });
  const connections = await Promise.all(Array.from({ length: options.connections }, open));
  for (const connection of connections) sendNext(connection);
  await sleep(options.warmUpMs);
  return {
    async count(ms) {
      const counted = new Tally();
      tally = counted;
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      await sleep(ms);
      tally = new Tally();
      const seconds = (performance.now() - startedAt) / 1_000;
      const { user, system } = process.cpuUsage(cpu);
      const counts = { ...counted.counts(), lost };
      const { answers } = counts;
      return { ...counts, perSecond: answers / seconds, cpuUsPerAnswer: (user + system) / Math.max(1, answers) };
    },
    async end() {
      hasEnded = true;
      await untilAnswered(() => underWay);
      for (const connection of connections) connection.close();
    },
  };
}
