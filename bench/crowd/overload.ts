import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, untilAnswered } from "../../server/load/connection.ts";
import { requestFactory, type Work } from "../../server/load/requests.ts";
import { Tally, type TallyCounts } from "../../server/load/tally.ts";
import { openConnections } from "./open-connections.ts";

/**
 * More than a server can do. So many buyers come each second, whatever becomes of those before them. Each takes one of
 * the connections that are open and free, asks once, and waits for the answer. Whoever finds none free is turned away, as
 * at a proxy that is full. Nobody asks twice: those who would are among those who come.
 */
export interface OverloadOptions {
  readonly url: string;
  readonly work: Work;
  readonly credentials: readonly string[];
  readonly perSecond: number;
  readonly connections: number;
  /** How long a buyer waits for an answer that is worth anything. */
  readonly patienceMs: number;
  /** Not counted. */
  readonly warmUpMs: number;
  readonly ms: number;
}

export interface OverloadResult extends TallyCounts {
  readonly seconds: number;
  /** Buyers who came. */
  readonly came: number;
  /** Of those, who found no connection. */
  readonly turnedAway: number;
  /** Answers that decide, bought or refused, while their buyer still waited. */
  readonly decidedInTime: number;
  /** Of the whole time, what was not counted too: requests that had no answer long after the last one was sent. */
  readonly unanswered: number;
  readonly total: { readonly answers: number; readonly lost: number; readonly maxMs: number };
}

/** Prepares everything, the connections too. @returns what lets them begin */
export async function prepareOverload(options: OverloadOptions): Promise<() => Promise<OverloadResult>> {
  const { url, perSecond, patienceMs } = options;
  const makeRequest = requestFactory(options.work, options.credentials, new URL(url).host);
  const total = { sent: 0, answers: 0, lost: 0, maxMs: 0 };
  let count = newCount();
  const free: Connection[] = [];
  const connections = await openConnections(
    {
      url,
      onAnswer(connection, answer) {
        const ms = performance.now() - connection.sentAt;
        total.answers += 1;
        total.maxMs = Math.max(total.maxMs, ms);
        if (count.tally.add(answer, ms) && ms <= patienceMs) count.decidedInTime += 1;
        free.push(connection);
      },
      onLost() {
        total.lost += 1;
      },
    },
    options.connections,
  );
  free.push(...connections);

  return async () => {
    const startedAt = performance.now();
    let come = 0;
    const pacer = setInterval(() => {
      const due = ((performance.now() - startedAt) / 1_000) * perSecond;
      for (; come < due; come++) {
        count.came += 1;
        const connection = free.pop();
        if (connection) {
          total.sent += 1;
          connection.send(makeRequest(), startedAt + (come / perSecond) * 1_000);
        } else count.turnedAway += 1;
      }
    }, PACE_MS);
    await sleep(options.warmUpMs);
    const counted = newCount();
    count = counted;
    const countedSince = performance.now();
    await sleep(options.ms);
    count = newCount();
    const seconds = (performance.now() - countedSince) / 1_000;
    clearInterval(pacer);

    const unanswered = () => total.sent - total.answers - total.lost;
    await untilAnswered(unanswered);
    for (const connection of connections) connection.close();
    const { tally, ...counts } = counted;
    return { ...tally.counts(), ...counts, seconds, unanswered: unanswered(), total };
  };
}

/** What happens within a time. */
function newCount() {
  return { tally: new Tally(), came: 0, turnedAway: 0, decidedInTime: 0 };
}

/** Buyers come in groups of so many ms. */
const PACE_MS = 1;
