import { setMaxListeners } from "node:events";
import type { Crowd, CrowdResult } from "../../shared/rehearsals.ts";
import { arrivalMs } from "./arrivals.ts";
import { type Buying, beBot, beBuyer, type CrowdItem } from "./buyers.ts";
import { Connections } from "./connections.ts";
import { CrowdRecord } from "./crowd-record.ts";
import { pause } from "./pause.ts";

export interface CrowdOptions {
  /** Of the shop, for example http://127.0.0.1:41234. */
  readonly url: string;
  readonly temper: Crowd;
  /** The buyers' first, then the bots'. */
  readonly credentials: readonly string[];
  readonly items: readonly CrowdItem[];
  /** How long until the sale opens. */
  readonly opensInMs: number;
  /** How long after the opening nobody clicks any more. */
  readonly endsAfterMs: number;
  readonly random?: () => number;
}

export interface CrowdProgress {
  readonly arrived: number;
  readonly answers: number;
  readonly unitsSold: number;
}

/** A crowd that buys: it comes when the sale opens, and is done when everybody has been answered or time is up. */
export interface RunningCrowd {
  progress(): CrowdProgress;
  /** Nobody clicks any more; what is not known to have been decided is still asked for, for a while. */
  stop(): void;
  readonly done: Promise<CrowdResult>;
}

export function runCrowd(options: CrowdOptions): RunningCrowd {
  const { url, temper, items, credentials, opensInMs, endsAfterMs, random = Math.random } = options;
  const openedAt = performance.now() + opensInMs;
  const record = new CrowdRecord(openedAt);
  const connections = new Connections({ url, max: CONNECTIONS_MAX });
  const [over, ended] = [new AbortController(), new AbortController()];
  // Every buyer who waits listens.
  setMaxListeners(0, over.signal, ended.signal);
  const crowd: Buying = {
    connections,
    record,
    random,
    lostShare: temper.lostAnswerPercent / 100,
    over: over.signal,
    ended: ended.signal,
    temper,
    items,
    credentials,
    host: new URL(url).host,
  };
  const timer = setTimeout(() => over.abort(), opensInMs + endsAfterMs);
  over.signal.addEventListener("abort", () => setTimeout(() => ended.abort(), RESOLVE_MS_MAX).unref());
  let arrived = 0;

  async function run(): Promise<CrowdResult> {
    const buyersDone = new AbortController();
    const bots = Array.from({ length: temper.bots }, async (_, index) => {
      await pause(openedAt - performance.now(), crowd.over);
      await beBot(crowd, temper.buyers + index, buyersDone.signal);
    });
    await sendBuyers(crowd, openedAt, () => arrived++);
    buyersDone.abort();
    await Promise.all(bots);
    clearTimeout(timer);
    connections.close();
    return record.result();
  }

  return {
    progress: () => ({ arrived, answers: record.answers, unitsSold: record.unitsBought }),
    stop: () => over.abort(),
    done: run(),
  };
}

/** Resolves when all have come and been answered. */
async function sendBuyers(crowd: Buying, openedAt: number, onArrival: () => void): Promise<void> {
  const { temper, over } = crowd;
  const buying: Promise<void>[] = [];
  for (let index = 0; index < temper.buyers; index++) {
    const dueAt = openedAt + arrivalMs(temper.arrival, index / temper.buyers, temper.seconds * 1_000);
    // As many as are due go in one turn: a wait for each would make none of them punctual.
    await pause(dueAt - performance.now(), over);
    if (over.aborted) break;
    onArrival();
    buying.push(beBuyer(crowd, index, dueAt));
  }
  await Promise.all(buying);
}

/** As many as one process of a shop answers at once without being slower for it; the others wait as in a browser. */
const CONNECTIONS_MAX = 1_000;

/** How long what may have happened is asked for after the end: longer than the shop lets anybody wait. */
const RESOLVE_MS_MAX = 20_000;
