import { answerCalls } from "./answer-calls.ts";

/** What `called-process.test.ts` calls. */
const methods = {
  double: (n: number) => 2 * n,
  async fail() {
    throw new Error("there is nothing to sell");
  },
  end: () => process.exit(3),
};
export type FixtureMethods = typeof methods;

await answerCalls(async () => {
  if (process.env.FIXTURE_FAILS) throw new Error("the port is taken");
  return { methods };
});
