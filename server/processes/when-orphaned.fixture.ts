import { whenOrphaned } from "./when-orphaned.ts";

/** Runs until it is told to end, or is left alone. */
process.on("SIGTERM", () => process.exit());
whenOrphaned(() => process.exit());
setInterval(() => {}, 60_000);
process.stdout.write(`${process.pid} ${process.ppid}\n`);
