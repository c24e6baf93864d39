import { AsyncLocalStorage } from "node:async_hooks";
import { availableParallelism } from "node:os";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { APIError } from "better-auth/api";
import { betterAuth } from "better-auth/minimal";
import { eq } from "drizzle-orm";
import * as tables from "../../drizzle/schema/accounts.ts";
import { FAULTS } from "../../shared/faults.ts";
import { PASSWORD_CHARACTERS_MIN, PASSWORD_SENT_LENGTH_MAX } from "../../shared/passwords.ts";
import type { SignInInput } from "../../shared/rest.ts";
import type { UserRole } from "../../shared/users.ts";
import type { Database } from "../database/database.ts";
import { databaseClock } from "../database/database-clock.ts";
import { newUuid } from "../database/new-uuid.ts";
import { SQL_STATE, sqlStateOf } from "../database/sqlstate.ts";
import { SecurityFault } from "../http/security-log.ts";
import { confirmSession } from "./confirm-session.ts";
import { SESSION_COOKIE } from "./credential.ts";
import { FairQueue } from "./fair-queue.ts";
import { limitSessions } from "./limit-sessions.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";
import { SESSION_ABSOLUTE_DAYS, SESSION_IDLE_DAYS } from "./sessions.ts";

export interface NewAccount extends SignInInput {
  readonly name: string;
}

export interface BegunSession {
  /** As better-auth answers it, with the session's token. */
  readonly body: { readonly token: string; readonly user: { readonly id: string; readonly role: UserRole } };
  /** The session's. better-auth also clears cookies of parts of it that do not exist here. */
  readonly cookie: string;
  /** By which the password was found right. */
  readonly passwordHash: string;
}

export type Auth = ReturnType<typeof createAuth>;

/**
 * Makes users with a password, and begins sessions: better-auth on our tables. It stands behind the routes in `routes.ts`,
 * which check origins, throttle and parse; who a request comes from is decided by `sessions.ts`. Whatever the database
 * throws is thrown, and Fault OVERLOADED where too many wait to have a password hashed.
 */
export function createAuth(options: AuthOptions) {
  const queue = new FairQueue(PASSWORD_QUEUE);
  const { api } = createBetterAuth(options, queue);

  async function signIn(
    body: SignInInput,
    caller: string,
    { userAgent, address }: Origin,
  ): Promise<BegunSession | "wrong password" | "deactivated"> {
    const call: Call = { caller, address };
    const headers = headersOf(userAgent);
    try {
      const session = begun(call, await calls.run(call, () => api.signInEmail({ body, headers, returnHeaders: true })));
      const { body: answer, passwordHash } = session;
      const about = { userId: answer.user.id, token: answer.token, passwordHash };
      if (await confirmSession(options.database, about)) return session;
    } catch (error) {
      if (statusOf(error) === 401) return "wrong password";
      if (statusOf(error) === 403) return "deactivated";
      throw call.error ?? error;
    }
    // Another password or an account that was deactivated meanwhile; or only another hash of the same password.
    return signIn(body, caller, { userAgent, address });
  }

  return {
    /**
     * @param passwordHash better-auth would hash the password in the middle of its transaction, and keep a connection waiting
     * @throws Fault EMAIL_TAKEN
     */
    async signUp(body: NewAccount, passwordHash: string, { userAgent, address }: Origin): Promise<BegunSession> {
      const call: Call = { caller: "", address, passwordHash };
      const headers = headersOf(userAgent);
      try {
        return begun(call, await calls.run(call, () => api.signUpEmail({ body, headers, returnHeaders: true })));
      } catch (error) {
        // better-auth answers 422 for whatever went wrong when it made the user.
        const cause = call.error ?? error;
        if (statusOf(error) !== 422 || (call.error && sqlStateOf(call.error) !== SQL_STATE.uniqueViolation))
          throw cause;
        throw new SecurityFault("SIGN_UP_FAILED", { reason: "address taken" }, { code: "EMAIL_TAKEN", cause });
      }
    },

    /** @param caller whose turn hashing takes: who comes from one network waits in one queue */
    signIn,

    /** Does what a password costs, turn by turn. */
    inTurn: <T>(caller: string, work: () => Promise<T>): Promise<T> => queue.run(caller, work),
  };
}

function headersOf(userAgent = ""): Headers {
  return new Headers({ "user-agent": userAgent });
}

function statusOf(error: unknown): number | undefined {
  return error instanceof APIError ? error.statusCode : undefined;
}

function begun(
  { passwordHash = "" }: Call,
  { headers, response }: { headers: Headers; response: object },
): BegunSession {
  const cookie = headers.getSetCookie().find((one) => one.startsWith(`${SESSION_COOKIE}=`)) ?? "";
  return { body: response as BegunSession["body"], cookie, passwordHash };
}

/** Where a session is begun, for staff who look whether it is its owner's. */
export interface Origin {
  readonly address: string;
  readonly userAgent: string | undefined;
}

export interface AuthOptions {
  readonly database: Database;
  readonly secret: string;
  readonly onError: (error: unknown) => void;
}

/** What the functions that better-auth calls have to know of the request that it is about. */
interface Call {
  readonly caller: string;
  readonly address: string;
  /** Of a new account; else the one by which the password was found right. */
  passwordHash?: string;
  /** What went wrong underneath, where better-auth only says that something did. */
  error?: Error;
}

const calls = new AsyncLocalStorage<Call>();

/**
 * Hashing keeps a core and a thread of Node's pool busy. The pool has four, and files and look-ups of names need it too;
 * half of the cores stay with those who buy.
 */
const PASSWORD_QUEUE = {
  atOnceMax: Math.max(1, Math.min(2, Math.floor(availableParallelism() / 2))),
  // At 20 ms a password, the last of them waits for some 4 s.
  waitingMax: 200,
  // On a machine that is slower or busy; few wait for longer.
  waitMsMax: 30_000,
  refusal: "Too many people are signing in right now. Please try again in a moment.",
  retryAfterMs: 5_000,
};

export function createBetterAuth({ database, secret, onError }: AuthOptions, queue = new FairQueue(PASSWORD_QUEUE)) {
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
      minPasswordLength: PASSWORD_CHARACTERS_MIN,
      maxPasswordLength: PASSWORD_SENT_LENGTH_MAX,
      password: {
        // Also for an account that is not there, so that both take the same time.
        hash: async (password) => calls.getStore()?.passwordHash ?? queue.run(callerOf(), () => hashPassword(password)),
        verify: async (given) => {
          const isRight = await queue.run(callerOf(), () => verifyPassword(given));
          const call = calls.getStore();
          if (isRight && call) call.passwordHash = given.hash;
          return isRight;
        },
      },
    },
    user: {
      additionalFields: {
        role: { type: "string", required: false, defaultValue: "buyer", input: false },
        mayMoveMoney: { type: "boolean", required: false, defaultValue: false, input: false },
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
            if (context?.path === "/sign-in/email") {
              await refuseInactive(database, session.userId);
              await limitSessions(database, session.userId);
            }
            // The database says when it is over.
            const nowMs = databaseClock.nowMs();
            const expiresAt = new Date(nowMs + SESSION_IDLE_DAYS * DAY_SECONDS * 1000);
            const ipAddress = calls.getStore()?.address;
            return { data: { ...session, ipAddress, createdAt: new Date(nowMs), expiresAt } };
          },
        },
      },
    },
    advanced: {
      database: { generateId: newUuid },
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
        const call = calls.getStore();
        if (call) call.error ??= error;
        else onError(error);
      },
    },
  });
}

function callerOf(): string {
  return calls.getStore()?.caller ?? "";
}

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
