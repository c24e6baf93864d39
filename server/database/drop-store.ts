import { Connection } from "./connection.ts";
import { connectionSettings, quoteIdentifier } from "./connection-settings.ts";

/**
 * Removes a store with all that is in it. Does nothing where there is none by that name. Several may do so at once.
 *
 * @throws PostgreSQL's own error when somebody has something of it locked for longer than a moment
 */
export async function dropStore({ url, schema }: { readonly url: string; readonly schema: string }): Promise<void> {
  const settings = connectionSettings({
    url,
    schema,
    applicationName: "doorbuster drop store",
    timeouts: { statementTimeoutMs: DROP_MS_MAX },
    readOnlyByDefault: false,
  });
  const connection = await Connection.open(settings);
  try {
    // Ending the session gives the turn back.
    await connection.run("select pg_advisory_lock(hashtextextended($1, 0))", [`doorbuster drop ${schema}`]);
    await connection.run(`drop schema if exists ${quoteIdentifier(schema)} cascade`);
  } finally {
    await connection.end();
  }
}

/** Some thirty tables, however full, take a second. */
const DROP_MS_MAX = 60_000;
