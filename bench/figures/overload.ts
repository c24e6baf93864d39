import { startCrowd } from "../crowd/crowd-process.ts";
import type { Contestant, Figure, Sample } from "../figure.ts";
import type { ServerProcess } from "../stage/server-process.ts";
import { overHttp } from "./contest-over-http.ts";
import { BUYING_CONNECTIONS, hotWork, makeHotItem } from "./hot-item.ts";

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
    const store = await stage.makeStore();
    const crowd = await startCrowd(stage, CONNECTIONS);
    const server = await stage.startServer({ entry: "servers/shop.ts", store });
    const load = await stage.startLoad(store);
    const work = hotWork(await makeHotItem(store));
    const credentials = store.buyers.map(({ credential }) => credential);
    const closed = overHttp({
      stage,
      name: "capacity",
      server,
      load,
      work,
      connections: BUYING_CONNECTIONS,
      expected: "purchased",
    });
    let { value: capacity } = await closed.round();

    const subject: Contestant = {
      name: "3 × overload",
      async round(): Promise<Sample> {
        await server.warm();
        const peak = watchMemory(server);
        const result = await crowd.overload(
          {
            url: server.url,
            work,
            credentials,
            perSecond: OVERLOAD * capacity,
            connections: CONNECTIONS,
            patienceMs: PATIENCE_MS,
            warmUpMs: stage.warmUpMs,
            ms: Math.max(stage.roundMs, ROUND_MS_MIN),
          },
          () => server.usage(),
        );
        const memoryMb = peak.end();
        const { before, after } = result.during;
        if (result.lost + result.unanswered > 0)
          throw new Error(`${result.lost} connections lost, ${result.unanswered} requests without an answer`);
        const perSecond = (count: number) => count / result.seconds;
        return {
          value: perSecond(result.decidedInTime),
          details: {
            "came/s": perSecond(result.came),
            "turned away/s": perSecond(result.turnedAway),
            "answered 503/s": perSecond(result.statuses[503] ?? 0),
            "p50 ms": result.p50Ms,
            "p99 ms": result.p99Ms,
            "max ms": result.maxMs,
            ...(before && after && { "server CPU µs/answer": ((after.cpuMs - before.cpuMs) * 1_000) / result.answers }),
            ...(memoryMb !== undefined && { "server memory MB, most": memoryMb }),
          },
        };
      },
    };
    const peer: Contestant = {
      name: closed.name,
      async round() {
        const sample = await closed.round();
        capacity = sample.value;
        return sample;
      },
    };
    return { subject, peers: [peer] };
  },
};

const OVERLOAD = 3;
const CONNECTIONS = 10_000;

/** Less than the SDK and the page wait for an answer (15 s). */
const PATIENCE_MS = 10_000;

/** Several times what a request waits in line. */
const ROUND_MS_MIN = 4_000;

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
