import { join } from "node:path";
import { openFilesMax } from "../../server/http/connection-limit.ts";
import { SkippedFigure } from "../figure.ts";
import { startChild } from "../stage/child.ts";
import type { Stage } from "../stage.ts";
import type { BurstOptions, BurstResult } from "./burst.ts";
import type { OverloadOptions, OverloadResult } from "./overload.ts";

/** A process of its own that is a crowd: each of its buyers has a connection. */
export interface CrowdProcess {
  burst(options: BurstOptions): Promise<BurstResult>;
  overload(options: OverloadOptions): Promise<OverloadResult>;
}

/** @throws SkippedFigure when this machine does not let a process have so many connections */
export async function startCrowd(stage: Stage, connections: number): Promise<CrowdProcess> {
  const files = openFilesMax();
  if (files !== undefined && files < connections + FILES_BESIDE)
    throw new SkippedFigure(
      `${connections} connections need a \`ulimit -n\` of ${connections + FILES_BESIDE}, and it is ${files}`,
    );
  const child = startChild(join(import.meta.dirname, "main.ts"), {});
  stage.onEnd(() => child.stop());
  await child.next("ready");
  const make = async <Result>(kind: string, options: object): Promise<Result> => {
    child.send({ kind, ...options });
    return (await child.next<{ result: Result }>("result")).result;
  };
  return {
    burst: (options) => make("burst", options),
    overload: (options) => make("overload", options),
  };
}

/** The server keeps some for itself, and answers the last in a hundred with a refusal. */
const FILES_BESIDE = 1_000;
