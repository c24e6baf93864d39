import { CredentialSigner } from "../../server/accounts/credential.ts";
import { createSessions, type Sessions } from "../../server/accounts/sessions.ts";
import { openDatabase } from "../../server/database/database.ts";

/** The shop's own check of who is asking, for a peer that has nothing else of the shop. */
export async function openSessions(): Promise<{ sessions: Sessions; close: () => Promise<void> }> {
  const { DATABASE_URL = "", DATABASE_SCHEMA = "", AUTH_SECRET = "" } = process.env;
  const database = await openDatabase({ url: DATABASE_URL, schema: DATABASE_SCHEMA, poolSize: 2 });
  const sessions = createSessions({
    database,
    signer: new CredentialSigner(AUTH_SECRET),
    announce: async () => {},
    onError: () => {},
  });
  return { sessions, close: () => database.close() };
}
