import { join } from "node:path";
import { createDemoAccounts, demoAccountsExist, refuseDemoAccounts } from "./accounts/demo-accounts.ts";
import type { Config } from "./config.ts";
import { type Database, openDatabase } from "./database/database.ts";
import { migrate } from "./database/migrate.ts";
import { retryWhileAway } from "./database/retry-while-away.ts";
import type { ShopGround } from "./ground.ts";
import { buildPage } from "./page/build-page.ts";
import { hasSales, seedDemo } from "./sales/demo.ts";
import type { Stopper } from "./stopper.ts";
import type { WarehouseAccess } from "./warehouse/access.ts";

/** What has to be there before anything can be served; made once, however many web processes there are. */
export interface Prepared {
  readonly databaseUrl: string;
  readonly database: Database;
  /** Signs sessions. */
  readonly secret: string;
  /** Opens `/metrics`; absent in production when none is set. */
  readonly metricsToken: string | undefined;
  readonly warehouse: WarehouseAccess | undefined;
  /** Where the built page is. */
  readonly pageFolder: string | undefined;
  /** Whether the demo accounts can sign in. */
  readonly hasDemoAccounts: boolean;
}

export interface PrepareOptions {
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress: (sentence: string) => void;
  /** Gets what has to be given back. */
  readonly stopper: Stopper;
  /** Whether the page is built, when its sources have changed. */
  readonly withPage: boolean;
  /** Whether an empty store gets the demo sale and the demo accounts. */
  readonly demo: boolean;
}

/** @throws ConfigError, DatabaseError with a sentence for a person */
export async function prepare(
  config: Config,
  { databaseUrl, ownerUrl, secret, metricsToken, warehouse }: ShopGround,
  { onProgress, stopper, withPage, demo }: PrepareOptions,
): Promise<Prepared> {
  const store = { url: databaseUrl, schema: config.databaseSchema };
  const database = await retryWhileAway(async () => {
    await migrate({ ...store, url: ownerUrl, onProgress });
    return openDatabase({ ...store, poolSize: config.poolSize });
  }, onProgress);
  stopper.add(() => database.close());
  const hasDemoAccounts = await retryWhileAway(async () => {
    if (config.mode === "production") await refuseDemoAccounts(database);
    if (!demo) return false;
    if (!(await hasSales(database.db))) {
      // The sale comes last: a start that dies in between is made good by the next one.
      await createDemoAccounts(database);
      await seedDemo(database);
    }
    return demoAccountsExist(database);
  }, onProgress);
  return {
    databaseUrl,
    database,
    secret,
    metricsToken,
    warehouse,
    pageFolder: withPage ? await buildPage(ROOT, onProgress) : undefined,
    hasDemoAccounts,
  };
}

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "..");
