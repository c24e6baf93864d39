import { type Load, type LoadOptions, makeLoad } from "../../server/load/load.ts";
import { answerCalls } from "../../server/processes/answer-calls.ts";
import { readBuyers } from "../stage/store.ts";

/** The process that makes load, one after the other. */
const credentials = (await readBuyers()).map(({ credential }) => credential);
let load: Load | undefined;

const methods = {
  async begin(options: LoadOptions) {
    load = await makeLoad(options, credentials);
  },
  count: (ms: number) => load?.count(ms),
  end: () => load?.end(),
};
export type LoadMethods = typeof methods;

await answerCalls(async () => ({ methods }));
