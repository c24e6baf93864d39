import type { CalledProcess } from "../../server/processes/called-process.ts";
import type { CrowdMethods } from "../crowd/main.ts";
import { startCrowd } from "../crowd/start-crowd.ts";
import type { Contestant, Figure, Sample } from "../figure.ts";
import type { ServerProcess } from "../stage/server-process.ts";
import { cpuPer, usagesOf } from "../stage/usage.ts";
import { makeHotItem, openShop, overHttp, type UnderLoad } from "./over-http.ts";

/**
 * P14: three times as many buyers come as the server can serve, and keep coming (`crowd/overload.ts` says what they do).
 * What counts is the answers that decide while their buyer still waits, beside what a crowd gets that the server keeps
 * up with.
 */
export const overload: Figure = {
  id: "P14",
  what: "3 × as many buyers as can be served, on 10,000 connections: decided within 10 s",
  unit: "answers/s",
  targets: [
    { against: "capacity", atLeast: 0.9 },
    // What P1 may take, and 70 kB for each request that is under way.
    { detail: "server memory MB, most", atMost: 1_000 },
  ],
  async prepare(stage) {
    const crowd = await startCrowd(stage, CONNECTIONS);
    const shop = await openShop(stage);
    const itemIds = [await makeHotItem(shop.store)];
    const closed = overHttp(shop, { name: "capacity", itemIds });
    let { value: capacity } = await closed.round();
    const peer: Contestant = {
      name: closed.name,
      async round() {
        const sample = await closed.round();
        capacity = sample.value;
        return sample;
      },
    };
    const round = () => overloadOnce(shop, crowd, { itemIds, perSecond: OVERLOAD * capacity });
    return { subject: { name: "3 × overload", round }, peers: [peer] };
  },
};

const OVERLOAD = 3;
const CONNECTIONS = 10_000;

/** Less than the SDK and the page wait for an answer (15 s). */
const PATIENCE_MS = 10_000;

/** Several times what a request waits in its queue. */
const ROUND_MS_MIN = 4_000;

async function overloadOnce(
  { stage, store, server }: UnderLoad,
  crowd: CalledProcess<CrowdMethods>,
  { itemIds, perSecond }: { itemIds: readonly number[]; perSecond: number },
): Promise<Sample> {
  await server.warm();
  const peak = watchMemory(server);
  await crowd.call("prepareOverload", {
    url: server.url,
    work: { procedure: "purchases.buy", itemIds },
    credentials: store.buyers.map(({ credential }) => credential),
    perSecond,
    connections: CONNECTIONS,
    patienceMs: PATIENCE_MS,
    warmUpMs: stage.warmUpMs,
    ms: Math.max(stage.roundMs, ROUND_MS_MIN),
  });
  const before = await usagesOf({ server: server.pid });
  const result = await crowd.call("overload");
  const after = await usagesOf({ server: server.pid });
  const memoryMb = peak.end();
  if (!result || result.total.lost + result.unanswered > 0)
    throw new Error(`connections lost, or requests without an answer: ${JSON.stringify(result)}`);
  const perSecondOf = (count: number) => count / result.seconds;
  return {
    value: perSecondOf(result.decidedInTime),
    details: {
      "came/s": perSecondOf(result.came),
      "turned away/s": perSecondOf(result.turnedAway),
      "answered 503/s": perSecondOf(result.statuses[503] ?? 0),
      "p50 ms": result.p50Ms,
      "p99 ms": result.p99Ms,
      "max ms": result.total.maxMs,
      ...cpuPer("answer", result.total.answers, { before, after }),
      ...(memoryMb !== undefined && { "server memory MB, most": memoryMb }),
    },
  };
}

/** The most that the server has had in memory, looked at four times a second. */
function watchMemory(server: ServerProcess): { end(): number | undefined } {
  let most: number | undefined;
  const timer = setInterval(async () => {
    const usage = await server.usage();
    if (usage) most = Math.max(most ?? 0, usage.memoryMb);
  }, 250);
  return {
    end() {
      clearInterval(timer);
      return most;
    },
  };
}
