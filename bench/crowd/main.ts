import { answerCalls } from "../../server/processes/answer-calls.ts";
import { type BurstOptions, type BurstResult, prepareBurst } from "./burst.ts";
import { type OverloadOptions, type OverloadResult, prepareOverload } from "./overload.ts";

/** The process that is a crowd, each of whose buyers has a connection: told to prepare, then to begin. */
let beginBurst: (() => Promise<BurstResult>) | undefined;
let beginOverload: (() => Promise<OverloadResult>) | undefined;

const methods = {
  async prepareBurst(options: BurstOptions) {
    beginBurst = await prepareBurst(options);
  },
  burst: () => beginBurst?.(),
  async prepareOverload(options: OverloadOptions) {
    beginOverload = await prepareOverload(options);
  },
  overload: () => beginOverload?.(),
};
export type CrowdMethods = typeof methods;

await answerCalls(async () => ({ methods }));
