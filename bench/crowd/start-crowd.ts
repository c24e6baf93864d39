import { openFilesMax } from "../../server/http/connection-limit.ts";
import type { CalledProcess } from "../../server/processes/called-process.ts";
import { SkippedFigure } from "../figure.ts";
import type { Stage } from "../stage.ts";
import type { CrowdMethods } from "./main.ts";

/** @throws SkippedFigure when this machine does not let a process have so many connections */
export function startCrowd(stage: Stage, connections: number): Promise<CalledProcess<CrowdMethods>> {
  const files = openFilesMax();
  if (files !== undefined && files < connections + FILES_BESIDE)
    throw new SkippedFigure(
      `${connections} connections need a \`ulimit -n\` of ${connections + FILES_BESIDE}, and it is ${files}`,
    );
  return stage.startChild<CrowdMethods>("crowd/main.ts");
}

/** The server keeps some for itself, and answers the last in a hundred with a refusal. */
const FILES_BESIDE = 1_000;
