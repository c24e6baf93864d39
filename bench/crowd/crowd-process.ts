import { join } from "node:path";
import { openFilesMax } from "../../server/http/connection-limit.ts";
import { SkippedFigure } from "../figure.ts";
import type { During } from "../load/load-process.ts";
import { startChild } from "../stage/child.ts";
import type { Stage } from "../stage.ts";
import type { BurstOptions, BurstResult } from "./burst.ts";
import type { OverloadOptions, OverloadResult } from "./overload.ts";

/** A process of its own that is a crowd: each of its buyers has a connection. */
export interface CrowdProcess {
  /** @param read taken when all is prepared and when all is over, for what is measured over the same time */
  burst<T>(options: BurstOptions, read: () => Promise<T>): Promise<BurstResult & { during: During<T> }>;
  overload<T>(options: OverloadOptions, read: () => Promise<T>): Promise<OverloadResult & { during: During<T> }>;
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
  const make = async <Result, T>(kind: string, options: object, read: () => Promise<T>) => {
    child.send({ kind, ...options });
    await child.next("begin");
    const before = await read();
    const { result } = await child.next<{ result: Result }>("result");
    return { ...result, during: { before, after: await read() } };
  };
  return {
    burst: <T>(options: BurstOptions, read: () => Promise<T>) => make<BurstResult, T>("burst", options, read),
    overload: <T>(options: OverloadOptions, read: () => Promise<T>) =>
      make<OverloadResult, T>("overload", options, read),
  };
}

/** The server keeps some for itself, and answers the last in a hundred with a refusal. */
const FILES_BESIDE = 1_000;
