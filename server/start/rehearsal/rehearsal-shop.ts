import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { CredentialSigner } from "../../accounts/credential.ts";
import { mintTokens } from "../../accounts/mint-tokens.ts";
import { connectionSettings } from "../../database/connection-settings.ts";
import { type Database, openDatabase } from "../../database/database.ts";
import { DatabaseError } from "../../database/errors.ts";
import { migrate } from "../../database/migrate.ts";
import { SQL_STATE, sqlStateOf } from "../../database/sqlstate.ts";
import type { Stopper } from "../../processes/stopper.ts";
import type { Config } from "../../settings/config.ts";
import { Doorbuster } from "../doorbuster.ts";

/** A shop of a rehearsal's own: an empty store, and the real server in front of it. */
export interface RehearsalShop {
  readonly url: string;
  readonly store: Database;
  /** Buyers with so much money each, as bearer tokens. */
  mint(count: number, balanceCents: number): Promise<string[]>;
}

/**
 * Makes the store and serves it at a free port of this machine, with the shop's own limits and pool, in this process.
 *
 * @throws DatabaseError with a sentence for a person, where the user may make no store
 */
export async function openRehearsalShop(options: RehearsalShopOptions): Promise<RehearsalShop> {
  const { config, schema, databaseUrl, ownerUrl, logger, stopper } = options;
  await makeStore(ownerUrl, schema);
  const store = await openDatabase({
    url: databaseUrl,
    schema,
    poolSize: POOL_SIZE,
    applicationName: "doorbuster rehearsal",
  });
  stopper.add(() => store.close());
  const secret = newSecret();
  const shop = Doorbuster.create(
    {
      ...config,
      ...{ port: 0, host: "127.0.0.1", publicUrl: undefined, trustProxy: false, roles: ["web"], chaos: undefined },
      ...{ databaseUrl, databaseSchema: schema, authSecret: secret, metricsToken: newSecret() },
      // It knows of no warehouse: what is sold there is never sent.
      warehouse: {
        ...{ databaseUrl: undefined, url: undefined, port: undefined, secret: newSecret(), previousSecret: undefined },
      },
    },
    { page: "none", demo: false, logger },
  );
  await shop.start();
  stopper.add(() => shop.stop());
  const { url } = shop;
  if (url === undefined) throw new Error("the rehearsal's shop serves nobody");
  const signer = new CredentialSigner(secret);
  return {
    url,
    store,
    async mint(count, balanceCents) {
      const minted = await mintTokens({ database: store, signer }, { count, balanceCents });
      return minted.map(({ credential }) => credential);
    },
  };
}

async function makeStore(url: string, schema: string): Promise<void> {
  try {
    await migrate({ url, schema });
  } catch (cause) {
    if (sqlStateOf(cause) !== SQL_STATE.insufficientPrivilege) throw cause;
    const { user, database } = connectionSettings({ url, schema });
    throw new DatabaseError(
      `A rehearsal needs a store of its own, and the user "${user}" may make none: grant create on database "${database}" to "${user}".`,
      { cause },
    );
  }
}

export interface RehearsalShopOptions {
  /** The shop's own. */
  readonly config: Config;
  readonly schema: string;
  readonly databaseUrl: string;
  readonly ownerUrl: string;
  readonly logger: Logger;
  readonly stopper: Stopper;
}

/** Of nobody's but this process. */
function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** To fill the store and to look into it. */
const POOL_SIZE = 2;
