import { run } from "./run.ts";

/** What `npm start` runs, without page and demo. */
await run({ page: "none", demo: false });
