import { reconcile } from "../operations/reconcile.ts";
import { recordRun } from "../operations/reconcile-runs.ts";
import type { Command } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** Proves that nothing was lost. */
export const reconcileCommand: Command = {
  name: "reconcile",
  synopsis: "[--json]",
  does: "Checks every invariant over all rows, and prints what it found. Exit code 1 when one does not hold.",
  options: { json: { type: "boolean" } },
  async run({ config, values, say }) {
    const { ok, checks, store } = await withDatabase({ config, say }, async (database, store) => {
      const run = await reconcile(database);
      await recordRun(database, run).catch(() =>
        say("What was found could not be stored, so that the console tells of it."),
      );
      return { ...run, store };
    });
    if (values.json === true) {
      process.stdout.write(`${JSON.stringify({ ok, store, checks }, null, 2)}\n`);
    } else {
      process.stdout.write(`The ${store}:\n`);
      const width = Math.max(...checks.map(({ name }) => name.length));
      for (const check of checks) {
        process.stdout.write(`${check.ok ? "ok    " : "BROKEN"}  ${check.name.padEnd(width)}  ${check.detail}\n`);
      }
      process.stdout.write(ok ? "Everything holds.\n" : "Something is broken: see above.\n");
    }
    return ok ? 0 : 1;
  },
};
