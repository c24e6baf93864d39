import { answerCalls } from "../stage/answer-calls.ts";
import { readBuyers } from "../stage/store.ts";
import { type Load, type LoadOptions, makeLoad } from "./load.ts";

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
