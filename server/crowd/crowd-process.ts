import { answerCalls } from "../processes/answer-calls.ts";
import { type CrowdOptions, type RunningCrowd, runCrowd } from "./crowd.ts";
import { type MeasureOptions, measureCapacity } from "./measure-capacity.ts";

/** The crowd in a process of its own, so that it takes no time from the event loop of the shop that it buys from. */
let crowd: RunningCrowd | undefined;
const over = new AbortController();

const methods = {
  async buy(options: CrowdOptions) {
    crowd = runCrowd(options);
    return crowd.done;
  },
  progress: () => crowd?.progress(),
  measure: (options: Omit<MeasureOptions, "over">) => measureCapacity({ ...options, over: over.signal }),
  /** Whatever is under way comes to its end early. */
  stop() {
    crowd?.stop();
    over.abort();
  },
};
export type CrowdMethods = typeof methods;

await answerCalls(async () => ({ methods }));
