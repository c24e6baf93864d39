import { and, eq, sql } from "drizzle-orm";
import { accounts, users } from "../../drizzle/schema/index.ts";
import type { Database } from "../database/database.ts";
import type { CredentialSigner } from "./credential.ts";

/**
 * Remembers from which networks somebody signed in to an account: the latest few. Kept as keyed digests, each of network
 * and account together, so that the table tells nobody where users are.
 */
export class KnownNetworks {
  readonly #database: Database;
  readonly #signer: CredentialSigner;

  constructor(database: Database, signer: CredentialSigner) {
    this.#database = database;
    this.#signer = signer;
  }

  /** Whose account it is, if there is one, and whether it knows the network. */
  async find(way: Way): Promise<{ userId: string | undefined; isKnown: boolean }> {
    const [found] = await this.#database.db
      .select({ userId: users.id, networks: accounts.knownNetworks })
      .from(users)
      .innerJoin(accounts, ofPassword)
      .where(eq(users.email, way.email));
    return { userId: found?.userId, isKnown: found?.networks.includes(this.#digest(way)) ?? false };
  }

  async remember(way: Way): Promise<void> {
    const digest = sql`${this.#digest(way)}::text`;
    const known = accounts.knownNetworks;
    await this.#database.db
      .update(accounts)
      .set({
        knownNetworks: sql`(array_prepend(${digest}, array_remove(${known}, ${digest})))[1:${NETWORKS_MAX}::int]`,
      })
      .from(users)
      .where(and(ofPassword, eq(users.email, way.email), sql`${known}[1] is distinct from ${digest}`));
  }

  #digest({ email, network }: Way): string {
    return this.#signer.digest(`${network} ${email}`);
  }
}

interface Way {
  readonly email: string;
  readonly network: string;
}

const ofPassword = and(eq(accounts.userId, users.id), eq(accounts.providerId, "credential"));

/** Home, work, a phone's, and a few on the way. */
const NETWORKS_MAX = 8;
