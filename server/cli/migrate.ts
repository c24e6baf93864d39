import type { Command } from "./command.ts";
import { withDatabase } from "./with-database.ts";

/** Brings the store up to date, as its owner: for a shop whose own database user may not. */
export const migrateCommand: Command = {
  name: "migrate",
  synopsis: "",
  does: "Makes the store, or brings it up to date, and gives the user doorbuster_server its rights where there is one.",
  options: {},
  async run({ config, say }) {
    await withDatabase({ config, say, mayMakeStore: true }, async (_database, store) => {
      say(`The ${store} is up to date.`);
    });
    return 0;
  },
};
