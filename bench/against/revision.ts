import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { answerCalls } from "../../server/processes/answer-calls.ts";
import type { Contestant } from "../figure.ts";
import { startLoadProcess } from "../load/load-process.ts";
import type { FigureStage, OpenStage, StageOptions } from "../open-stage.ts";

/*
 * A process that does the rounds of one figure with the code of another revision: its bench, servers, migrations and
 * packages, on a PostgreSQL of its own. Only the load over HTTP is made by this version, so that both are asked alike.
 */

export interface Prepare extends Omit<StageOptions, "say"> {
  /** Where the revision is. */
  readonly folder: string;
  /** Of the figure. */
  readonly id: string;
}

let opening: Promise<OpenStage> | undefined;
let subject: Contestant | undefined;

const methods = {
  /** Whether the revision has the figure. */
  async prepare({ folder, id, roundMs, warmUpMs, storedAttempts }: Prepare): Promise<boolean> {
    const load = (file: string) => import(pathToFileURL(join(folder, "bench", file)).href);
    const { FIGURES }: typeof import("../figures.ts") = await load("figures.ts");
    const { openStage }: typeof import("../open-stage.ts") = await load("open-stage.ts");
    const figure = FIGURES.find((each) => each.id === id);
    if (!figure) return false;
    opening = openStage({ roundMs, warmUpMs, storedAttempts, say: () => {} });
    ({ subject } = await figure.prepare(withOurLoad((await opening).forFigure())));
    return true;
  },
  async round() {
    if (!subject) throw new Error("nothing was prepared");
    return subject.round();
  },
};
export type RevisionMethods = typeof methods;

await answerCalls(async () => ({ methods, stop: async () => (await opening)?.close() }));

function withOurLoad(stage: FigureStage): FigureStage {
  return { ...stage, startLoad: (store) => startLoadProcess(store, stage.onEnd) };
}
