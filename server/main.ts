import { run } from "./run.ts";

/** `npm start`, and with `--rebuild` what `npm run dev` runs. */
await run({ page: process.argv.includes("--rebuild") ? "rebuilding" : "built" });
