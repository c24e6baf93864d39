import { join } from "node:path";
import { authSecret } from "./accounts/auth-secret.ts";
import { createDemoAccounts, demoAccountsExist, refuseDemoAccounts } from "./accounts/demo-accounts.ts";
import type { Config } from "./config.ts";
import { type Database, openDatabase } from "./database/database.ts";
import { keepEmbedded } from "./database/embedded/keep-embedded.ts";
import { migrate } from "./database/migrate.ts";
import { checkPortIsFree } from "./http/listen-error.ts";
import { buildPage } from "./page/build-page.ts";
import { hasSales, seedDemo } from "./sales/demo.ts";
import type { Stopper } from "./stopper.ts";

/** What has to be there before anything can be served; made once, however many web processes there are. */
export interface Prepared {
  readonly databaseUrl: string;
  readonly database: Database;
  /** Signs sessions. */
  readonly secret: string;
  /** Where the built page is. */
  readonly pageFolder: string | undefined;
  /** Whether the demo accounts can sign in. */
  readonly hasDemoAccounts: boolean;
}

export interface PrepareOptions {
  /** Told, in words for a person, about whatever may take longer than a second. */
  readonly onProgress: (sentence: string) => void;
  readonly onError: (error: unknown) => void;
  /** Gets what has to be given back. */
  readonly stopper: Stopper;
  /** Whether the page is built, when its sources have changed. */
  readonly withPage: boolean;
  /** Whether an empty store gets the demo sale and the demo accounts. */
  readonly demo: boolean;
}

/** @throws ConfigError, EmbeddedError, DatabaseError, ListenError with a sentence for a person */
export async function prepare(config: Config, options: PrepareOptions): Promise<Prepared> {
  const { onProgress, stopper, withPage, demo } = options;
  await checkPortIsFree(config.host, config.port);
  const secret = await authSecret(config);
  const databaseUrl = config.databaseUrl ?? (await embeddedUrl(config, options));
  await migrate({ url: databaseUrl, schema: config.databaseSchema, onProgress });
  const database = await openDatabase({ url: databaseUrl, schema: config.databaseSchema, poolSize: config.poolSize });
  stopper.add(() => database.close());
  if (config.mode === "production") await refuseDemoAccounts(database);
  if (demo && !(await hasSales(database.db))) {
    // The sale comes last: a start that dies in between is made good by the next one.
    await createDemoAccounts(database);
    await seedDemo(database);
  }
  return {
    databaseUrl,
    database,
    secret,
    pageFolder: withPage ? await buildPage(ROOT, onProgress) : undefined,
    hasDemoAccounts: demo && (await demoAccountsExist(database)),
  };
}

/** The project's folder. */
export const ROOT = join(import.meta.dirname, "..");

async function embeddedUrl(config: Config, { onProgress, onError, stopper }: PrepareOptions): Promise<string> {
  const embedded = await keepEmbedded({ dataDir: config.dataDir, onProgress, onDeath: onError });
  stopper.add(() => embedded.release());
  return embedded.url;
}
