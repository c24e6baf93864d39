import { readConfig } from "../../server/config.ts";
import { startProcesses } from "../../server/processes/start-processes.ts";
import { serve } from "./serve.ts";

/** The product in several web processes (PROCESSES), without page and demo. */
await serve(() =>
  startProcesses(readConfig(process.env), {
    page: "none",
    demo: false,
    onGivenUp(error) {
      throw error;
    },
  }),
);
