import { and, eq, inArray } from "drizzle-orm";
import { accounts, users } from "../../drizzle/schema/index.ts";
import type { Database } from "../database/database.ts";
import { ConfigError } from "../settings/config.ts";
import { createUser, type NewUser } from "./create-user.ts";
import { verifyPassword } from "./passwords.ts";

/** Everybody may know it: these accounts exist in development only. */
export const DEMO_PASSWORD = "doorbuster-demo";

export const DEMO_ACCOUNTS: readonly NewUser[] = [
  {
    email: "buyer@example.com",
    name: "Bea Buyer",
    password: DEMO_PASSWORD,
    role: "buyer",
    openingCents: 1_000_000,
  },
  { email: "operator@example.com", name: "Otto Operator", password: DEMO_PASSWORD, role: "operator" },
  { email: "auditor@example.com", name: "Ada Auditor", password: DEMO_PASSWORD, role: "auditor" },
];

/** Makes the demo accounts that are not there yet. */
export async function createDemoAccounts(database: Database): Promise<void> {
  await Promise.all(DEMO_ACCOUNTS.map((account) => createUser(database, account, "system")));
}

export async function demoAccountsExist(database: Database): Promise<boolean> {
  return (await demoPasswords(database)).length > 0;
}

/**
 * Production does not open to a password that everybody knows.
 *
 * @throws ConfigError when a demo account has it
 */
export async function refuseDemoAccounts(database: Database): Promise<void> {
  for (const { email, hash } of await demoPasswords(database)) {
    if (hash === null || !(await verifyPassword({ hash, password: DEMO_PASSWORD }))) continue;
    throw new ConfigError(
      `This database has the demo account ${email} with its public password, which production refuses: use another database, or give the account another password.`,
    );
  }
}

async function demoPasswords(database: Database): Promise<{ email: string; hash: string | null }[]> {
  const emails = DEMO_ACCOUNTS.map(({ email }) => email);
  return database.db
    .select({ email: users.email, hash: accounts.password })
    .from(users)
    .innerJoin(accounts, and(eq(accounts.userId, users.id), eq(accounts.providerId, "credential")))
    .where(and(inArray(users.email, emails), eq(users.active, true)));
}
