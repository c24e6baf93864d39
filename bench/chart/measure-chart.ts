import type { Sample } from "../figure.ts";
import { type OverHttp, overHttp } from "../figures/contest-over-http.ts";
import { hotWork, makeHotItem } from "../figures/hot-item.ts";
import { startRedisPeer, startTextbook } from "../figures/peers.ts";
import type { FigureStage } from "../open-stage.ts";
import { summarize } from "../report/statistics.ts";
import type { Stage } from "../stage.ts";
import type { Chart, Series } from "./chart.ts";

const CONNECTIONS = [1, 8, 64, 256, 1_024];

/** Measures one hot item at each number of connections, everybody in turn, and reconciles. */
export async function measureChart(
  stage: FigureStage,
  { rounds, caption }: { rounds: number; caption: string },
): Promise<Chart> {
  try {
    const racers = await startRacers(stage);
    const samples = new Map<string, Sample[]>();
    for (let round = 1; round <= rounds; round++) {
      for (const connections of CONNECTIONS) {
        for (const racer of racers) {
          const sample = await overHttp({ ...racer, connections }).round();
          stage.say(`  round ${round}, ${connections} connections, ${racer.name}: ${sample.value.toPrecision(4)}`);
          const key = `${racer.name} ${connections}`;
          samples.set(key, [...(samples.get(key) ?? []), sample]);
        }
      }
    }
    await stage.settle();
    const series = racers.map(({ name }) => seriesOf(name, samples));
    return { connections: CONNECTIONS, series, caption };
  } finally {
    await stage.close();
  }
}

function seriesOf(name: string, samples: ReadonlyMap<string, readonly Sample[]>): Series {
  const points = CONNECTIONS.map((connections) => {
    const taken = samples.get(`${name} ${connections}`) ?? [];
    return {
      perSecond: summarize(taken.map(({ value }) => value)),
      p99Ms: summarize(taken.map(({ details }) => details?.["p99 ms"] ?? Number.NaN)),
    };
  });
  return { name, points };
}

/** Each on an item of its own. */
async function startRacers(stage: Stage): Promise<Omit<OverHttp, "connections">[]> {
  const store = await stage.makeStore();
  const load = await stage.startLoad(store);
  const work = async () => hotWork(await makeHotItem(store));
  const redisWork = await work();
  const redis = await startRedisPeer(stage, store);
  if ("absentBecause" in redis) stage.say(`  the chart is without Redis: ${redis.absentBecause}`);
  const shop = await stage.startServer({ entry: "servers/shop.ts", store });
  const idle = await stage.startServer({ entry: "peers/no-op.ts", store });
  const textbook = await startTextbook(stage, store);
  const shared = { stage, load, expected: "purchased" } as const;
  return [
    { ...shared, name: "Doorbuster", server: shop, work: await work() },
    ...("server" in redis ? [{ ...shared, name: "Redis + Lua", work: redisWork, ...redis }] : []),
    { ...shared, name: "textbook transaction", server: textbook, work: await work() },
    {
      ...shared,
      name: "no-op procedure",
      server: idle,
      work: { ...redisWork, procedure: "noOp" },
      expected: "any 200",
    },
  ];
}
