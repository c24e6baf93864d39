import { answerCalls } from "./answer-calls.ts";

/** What `child.test.ts` calls. */
const methods = {
  double: (n: number) => 2 * n,
  async fail() {
    throw new Error("there is nothing to sell");
  },
  end: () => process.exit(3),
};
export type FixtureMethods = typeof methods;

await answerCalls(async () => {
  if (process.env.BENCH_FAILS) throw new Error("the port is taken");
  return { methods };
});
