import { answerCalls } from "../../processes/answer-calls.ts";
import type { RehearsalInstructions, RehearsalMethods } from "./instructions.ts";
import { runRehearsal } from "./run-rehearsal.ts";

/** One rehearsal in a process of its own, with the shop that the crowd buys from in it: what `rehearsals.ts` starts. */
const shopStops = new AbortController();
let running: Promise<void> | undefined;

const methods: RehearsalMethods = {
  async run(instructions: RehearsalInstructions) {
    running = runRehearsal(instructions, shopStops.signal);
    await running;
  },
};

await answerCalls(async () => ({
  methods,
  // The process that began it stops, or is gone: nothing may be left.
  async stop() {
    shopStops.abort();
    await running;
  },
}));
