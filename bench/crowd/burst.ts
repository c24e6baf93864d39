import { setTimeout as sleep, setImmediate as turn } from "node:timers/promises";
import { Connection, type ConnectionOptions, untilAnswered } from "../../server/load/connection.ts";
import { requestFactory, type Work } from "../../server/load/requests.ts";
import { Tally, type TallyCounts } from "../../server/load/tally.ts";
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

/** Times are from when each was due to the whole answer, so that being late to send counts too. */
export interface BurstResult extends TallyCounts {
  /** When the last was on its way, after the first was due. */
  readonly sentMs: number;
  /** What sending and reading took of the CPU. */
  readonly cpuMs: number;
}

/** Prepares everything, the connections too. @returns what lets them begin */
export async function prepareBurst(options: BurstOptions): Promise<() => Promise<BurstResult>> {
  const { url, spreadMs } = options;
  const { host } = new URL(url);
  const requests = options.credentials.map((credential) => requestFactory(options.work, [credential], host)());
  const tally = new Tally();
  let underWay = requests.length;
  const connectionOptions: ConnectionOptions = {
    url,
    onAnswer(connection, answer) {
      tally.add(answer, performance.now() - connection.sentAt);
      underWay -= 1;
    },
    onLost() {
      tally.lost += 1;
      underWay -= 1;
    },
  };
  const before = options.connectedBefore ? await openConnections(connectionOptions, requests.length) : [];
  const opened = new Set(before);
  const send = async (index: number, dueAt: number) => {
    const connection = before[index] ?? (await Connection.open(connectionOptions));
    opened.add(connection);
    connection.send(requests[index] ?? "", dueAt);
  };

  return async () => {
    await sleep(QUIET_MS);
    const cpu = process.cpuUsage();
    const startedAt = performance.now();
    for (let next = 0; next < requests.length; await turn()) {
      const due = Math.ceil(((performance.now() - startedAt) / spreadMs) * requests.length);
      for (; next < Math.min(due, requests.length); next++) {
        send(next, startedAt + (next / requests.length) * spreadMs).catch(connectionOptions.onLost);
      }
    }
    const sentMs = performance.now() - startedAt;
    await untilAnswered(() => underWay);
    const { user, system } = process.cpuUsage(cpu);
    for (const connection of opened) connection.close();
    return { ...tally.counts(), sentMs, cpuMs: (user + system) / 1_000 };
  };
}

/** What making connections leaves to do is not the crowd's. */
const QUIET_MS = 500;
