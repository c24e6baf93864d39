import { setTimeout as sleep } from "node:timers/promises";
import type { Connection } from "../load/connection.ts";
import { Histogram } from "../load/histogram.ts";
import { requestFactory, type Work } from "../load/requests.ts";
import type { Answer } from "../load/response-parser.ts";
import { newTally, type Tally, tallyAnswer } from "../load/tally.ts";
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

export interface OverloadResult extends Tally {
  readonly seconds: number;
  /** Buyers who came. */
  readonly came: number;
  /** Of those, who found no connection. */
  readonly turnedAway: number;
  /** Answers that decide, bought or refused, while their buyer still waited. */
  readonly decidedInTime: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the whole time, what was not counted too. */
  readonly maxMs: number;
  readonly answers: number;
  /** Requests that had no answer long after the last one was sent. */
  readonly unanswered: number;
}

/** @param onBegin called when all is prepared, the connections too */
export async function makeOverload(options: OverloadOptions, onBegin = () => {}): Promise<OverloadResult> {
  const { hostname: host, port } = new URL(options.url);
  const makeRequest = requestFactory(options.work, options.credentials, `${host}:${port}`);
  let count = new Count();
  const total = { sent: 0, answers: 0, lost: 0, maxMs: 0 };
  const free: Connection[] = [];
  const connections = await openConnections(
    {
      host,
      port: Number(port),
      onAnswer(connection, answer) {
        const ms = performance.now() - connection.sentAt;
        total.answers += 1;
        total.maxMs = Math.max(total.maxMs, ms);
        count.add(answer, ms, options.patienceMs);
        free.push(connection);
      },
      onLost() {
        total.lost += 1;
      },
    },
    options.connections,
  );
  free.push(...connections);
  onBegin();

  const startedAt = performance.now();
  let come = 0;
  const pacer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1_000) * options.perSecond;
    for (; come < due; come++) {
      count.came += 1;
      const connection = free.pop();
      if (connection) {
        total.sent += 1;
        connection.send(makeRequest(), startedAt + (come / options.perSecond) * 1_000);
      } else count.turnedAway += 1;
    }
  }, PACE_MS);
  await sleep(options.warmUpMs);
  count = new Count();
  const counted = count;
  const countedSince = performance.now();
  await sleep(options.ms);
  count = new Count();
  const seconds = (performance.now() - countedSince) / 1_000;
  clearInterval(pacer);

  const unanswered = () => total.sent - total.answers - total.lost;
  for (const endsAt = performance.now() + ANSWER_MS_MAX; unanswered() > 0 && performance.now() < endsAt; ) {
    await sleep(LOOK_MS);
  }
  await Promise.all(connections.map((connection) => connection.finish(0)));
  const { tally, came, turnedAway, decidedInTime, latencies } = counted;
  const quantiles = { p50Ms: latencies.quantile(0.5), p99Ms: latencies.quantile(0.99) };
  const counts = { came, turnedAway, decidedInTime, unanswered: unanswered() };
  return { ...tally, ...counts, ...quantiles, seconds, ...total };
}

/** What happens within a time. */
class Count {
  readonly tally = newTally();
  readonly latencies = new Histogram();
  came = 0;
  turnedAway = 0;
  decidedInTime = 0;

  add(answer: Answer, ms: number, patienceMs: number): void {
    const decidedBefore = this.tally.purchased + this.tally.refused;
    tallyAnswer(this.tally, answer);
    this.latencies.add(ms);
    if (ms <= patienceMs) this.decidedInTime += this.tally.purchased + this.tally.refused - decidedBefore;
  }
}

/** Buyers come in groups of so many ms. */
const PACE_MS = 1;

/** Longer than the shop lets anybody wait. */
const ANSWER_MS_MAX = 20_000;
const LOOK_MS = 20;
