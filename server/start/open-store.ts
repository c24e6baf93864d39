import { createDemoAccounts, demoAccountsExist, refuseDemoAccounts } from "../accounts/demo-accounts.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { migrate } from "../database/migrate.ts";
import { retryWhileAway } from "../database/retry-while-away.ts";
import { hasSales, seedDemo } from "../sales/demo.ts";
import type { ShopInfrastructure } from "./infrastructure.ts";
import type { Starting } from "./starting.ts";

/** The shop's infrastructure, with the store up to date and the connections on which it is changed. */
export interface Store extends ShopInfrastructure {
  readonly database: Database;
  /** Whether the demo accounts can sign in. */
  readonly hasDemoAccounts: boolean;
}

/**
 * Migrates the store and opens it.
 *
 * @throws ConfigError, DatabaseError with a sentence for a person
 */
export async function openStore(
  { config, demo, onProgress, stopper }: Starting,
  shop: ShopInfrastructure,
): Promise<Store> {
  const { mode, roles, databaseSchema: schema, poolSize } = config;
  const database = await retryWhileAway(async () => {
    await migrate({ url: shop.ownerUrl, schema, onProgress });
    return openDatabase({ url: shop.databaseUrl, schema, poolSize });
  }, onProgress);
  stopper.add(() => database.close());
  const hasDemoAccounts = await retryWhileAway(async () => {
    if (mode === "production") await refuseDemoAccounts(database);
    if (!demo || !roles.includes("web")) return false;
    if (!(await hasSales(database.db))) {
      // The sale comes last: a start that dies in between is made good by the next one.
      await createDemoAccounts(database);
      await seedDemo(database);
    }
    return demoAccountsExist(database);
  }, onProgress);
  return { ...shop, database, hasDemoAccounts };
}
