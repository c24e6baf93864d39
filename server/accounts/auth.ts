import { AsyncLocalStorage } from "node:async_hooks";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { eq } from "drizzle-orm";
import { v7 as uuidv7 } from "uuid";
import * as tables from "../../drizzle/schema/accounts.ts";
import { FAULTS } from "../../shared/faults.ts";
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from "../../shared/rest.ts";
import type { Database } from "../database/database.ts";
import { SESSION_COOKIE } from "./credential.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { SESSION_ABSOLUTE_DAYS, SESSION_IDLE_DAYS } from "./sessions.ts";

export type Auth = ReturnType<typeof createAuth>;

/**
 * better-auth on our tables: makes users with a password and begins sessions. It stands behind the routes in
 * `routes.ts`, which check origins, throttle and parse; who a request comes from is decided by `sessions.ts`.
 */
export function createAuth({ database, secret, onError }: AuthOptions) {
  return betterAuth({
    // Only a name for it: it answers at whatever address the request came to.
    baseURL: "http://localhost",
    basePath: "/api/auth",
    secret,
    database: drizzleAdapter(database.db, {
      provider: "pg",
      transaction: true,
      schema: {
        user: tables.users,
        session: tables.sessions,
        account: tables.accounts,
        verification: tables.verifications,
      },
    }),
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      password: {
        hash: async (password) => hashedBefore.getStore() ?? hashPassword(password),
        verify: verifyPassword,
      },
    },
    user: {
      additionalFields: {
        role: { type: "string", required: false, defaultValue: "buyer", input: false },
        active: { type: "boolean", required: false, defaultValue: true, input: false },
      },
    },
    session: {
      // The cookie may live as long as a session can; the row says when it ends, and use prolongs it (sessions.ts).
      expiresIn: SESSION_ABSOLUTE_DAYS * DAY_SECONDS,
      disableSessionRefresh: true,
    },
    databaseHooks: {
      session: {
        create: {
          before: async (session, context) => {
            // Not at sign-up: that runs in a transaction, which must not wait for a second connection.
            if (context?.path === "/sign-in/email") await refuseInactive(database, session.userId);
            return { data: { ...session, expiresAt: new Date(Date.now() + SESSION_IDLE_DAYS * DAY_SECONDS * 1000) } };
          },
        },
      },
    },
    advanced: {
      database: { generateId: () => uuidv7() },
      useSecureCookies: false,
      cookies: { session_token: { name: SESSION_COOKIE } },
      // The routes check the origin of every request themselves, in the same way as for all others.
      disableCSRFCheck: true,
      disableOriginCheck: true,
      ipAddress: { disableIpTracking: true },
    },
    rateLimit: { enabled: false },
    // What is not an answer of its own is thrown to us, rather than printed with the parameters of its statement.
    onAPIError: { throw: true },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      log: (level, message, ...details) => {
        if (level !== "error") return;
        const error = details.find((detail) => detail instanceof Error) ?? new Error(message);
        const watcher = errorWatcher.getStore();
        if (watcher) watcher.error ??= error;
        else onError(error);
      },
    },
  });
}

export interface AuthOptions {
  readonly database: Database;
  readonly secret: string;
  readonly onError: (error: unknown) => void;
}

/**
 * Runs `work` with the password's hash made beforehand. better-auth would make it in the middle of its transaction,
 * and keep a connection waiting for some 100 ms.
 */
export async function withHashedPassword<T>(password: string, work: () => Promise<T>): Promise<T> {
  return hashedBefore.run(await hashPassword(password), work);
}

/** Runs `work`, and also answers with the error that better-auth logged meanwhile: its responses do not tell it. */
export async function authErrorOf<T>(work: () => Promise<T>): Promise<{ response: T; error: unknown }> {
  const watcher: { error: unknown } = { error: undefined };
  const response = await errorWatcher.run(watcher, work);
  return { response, error: watcher.error };
}

const errorWatcher = new AsyncLocalStorage<{ error: unknown }>();
const hashedBefore = new AsyncLocalStorage<string>();

const DAY_SECONDS = 86_400;

/** It runs after the password was found right, so it tells nobody else whether there is such an account. */
async function refuseInactive(database: Database, userId: string): Promise<void> {
  const [user] = await database.db
    .select({ active: tables.users.active })
    .from(tables.users)
    .where(eq(tables.users.id, userId));
  if (user?.active === false) {
    throw new APIError("FORBIDDEN", { code: "CUSTOMER_INACTIVE", message: FAULTS.CUSTOMER_INACTIVE.message });
  }
}
