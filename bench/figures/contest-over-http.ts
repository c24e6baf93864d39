import type { Contestant, Sample } from "../figure.ts";
import type { LoadOptions, LoadResult } from "../load/load.ts";
import type { LoadProcess } from "../load/load-process.ts";
import type { ServerProcess } from "../stage/server-process.ts";
import { type Usage, usageOf } from "../stage/usage.ts";
import type { Stage } from "../stage.ts";

export interface OverHttp {
  readonly stage: Stage;
  readonly name: string;
  readonly server: ServerProcess;
  readonly load: LoadProcess;
  readonly work: LoadOptions["work"];
  readonly connections: number;
  /** What every answer has to be; anything else fails the round. */
  readonly expected: "purchased" | "refused" | "any 200";
  /** Of the database behind the server. Default: PostgreSQL's. */
  readonly databaseUsage?: () => Promise<Usage | undefined>;
  /** What counts. Default: answers per second. */
  readonly value?: (result: LoadResult) => number;
}

/** A contestant that answers calls over HTTP from signed-in buyers. */
export function overHttp(options: OverHttp): Contestant {
  let { warmUpMs } = options.stage;
  return {
    name: options.name,
    async round() {
      const sample = await roundOverHttp(options, warmUpMs);
      // Its code is compiled by now: what is left is for the load to find its pace.
      warmUpMs = Math.min(warmUpMs, WARM_UP_AGAIN_MS);
      return sample;
    },
  };
}

const WARM_UP_AGAIN_MS = 500;

async function roundOverHttp(options: OverHttp, warmUpMs: number): Promise<Sample> {
  const { stage, server, load, work, connections } = options;
  await server.warm();
  const run = { url: server.url, work, connections, warmUpMs, ms: stage.roundMs };
  const { during, ...result } = await load.run(run, () => usages(options));
  checkAnswers(options, result);
  const cpuUs = (of: "server" | "database") =>
    (((during.after[of]?.cpuMs ?? Number.NaN) - (during.before[of]?.cpuMs ?? Number.NaN)) * 1_000) / result.answers;
  const details = {
    "p50 ms": result.p50Ms,
    "p99 ms": result.p99Ms,
    "server CPU µs/answer": cpuUs("server"),
    "database CPU µs/answer": cpuUs("database"),
    "load generator CPU µs/answer": result.cpuUsPerAnswer,
    "server memory MB": during.after.server?.memoryMb ?? Number.NaN,
  };
  return {
    value: options.value?.(result) ?? result.perSecond,
    details: Object.fromEntries(Object.entries(details).filter(([, value]) => Number.isFinite(value))),
  };
}

async function usages({ stage, server, databaseUsage = () => usageOf(stage.postmasterPid) }: OverHttp) {
  const [ofServer, ofDatabase] = await Promise.all([server.usage(), databaseUsage()]);
  return { server: ofServer, database: ofDatabase };
}

function checkAnswers({ name, expected }: OverHttp, result: LoadResult): void {
  const right = expected === "any 200" ? (result.statuses[200] ?? 0) : result[expected];
  if (right === result.answers && right > 0 && result.lost === 0) return;
  const statuses = Object.entries(result.statuses).map(([status, count]) => `${count} × ${status}`);
  throw new Error(
    `${name}: of ${result.answers} answers (${statuses.join(", ")}) ${right} were ${expected}, and ${result.lost} were lost. ${result.samples.join("; ")}`,
  );
}
