import { and, eq, gt, lt, ne, sql } from "drizzle-orm";
import { sessions, users } from "../../drizzle/schema/index.ts";
import type { Database, Tx } from "../database/database.ts";
import { epochMs } from "../database/times.ts";
import type { Actor } from "../http/context.ts";
import type { Credential, CredentialSigner } from "./credential.ts";
import { findKeys, noteUse } from "./keys/find.ts";
import { createLoader } from "./loader.ts";
import { SessionCache } from "./session-cache.ts";

/**
 * Who stands behind a credential.
 *
 * A session ends when it was not used for 7 days, 30 days after its beginning, at sign-out, and when its user is
 * deactivated. `find` costs no query while the credential is in the cache of this process; misses are looked up
 * at once. What is revoked here is forgotten at once, and by every other process as soon as it hears of it.
 */
export function createSessions({ database, signer, announce, onError }: SessionsOptions) {
  const cache = new SessionCache();
  const loadKey = createLoader((keys) => findKeys(database, keys));
  const loadSession = createLoader((tokens) => readSessions(database, tokens));

  async function findInDatabase(credential: Credential): Promise<Actor | undefined> {
    const token = signer.verify(credential);
    if (token === undefined) return undefined;
    const { generation } = cache;
    const session = await loadSession(token);
    if (session && session.validMs < PROLONG_BELOW_MS) prolong(database, token).catch(onError);
    if (cache.generation === generation) cache.put(credential, session?.actor, session?.validMs ?? NOBODY_MS);
    return session?.actor;
  }

  async function findKeyInDatabase(key: Credential): Promise<Actor | undefined> {
    const { generation } = cache;
    const found = await loadKey(key);
    if (found) noteUse(database, found.actor.key.id).catch(onError);
    if (cache.generation === generation) cache.put(key, found?.actor, found?.validMs ?? NOBODY_MS);
    return found?.actor;
  }

  return {
    /** Undefined for a credential that is forged, ended, or of a user who is not active. At once for one in the cache. */
    find(credential: Credential): Actor | undefined | Promise<Actor | undefined> {
      const known = cache.get(credential);
      return known ? known.actor : findInDatabase(credential);
    },

    /** The same for a program's key, which is no session: it can neither be ended by signing out nor get another password. */
    findKey(credential: Credential): Actor | undefined | Promise<Actor | undefined> {
      const known = cache.get(credential);
      return known ? known.actor : findKeyInDatabase(credential);
    },

    /** Whether a credential was never made here: its signature is wrong. */
    isForged: (credential: Credential): boolean => signer.verify(credential) === undefined,

    /** Ends one session: sign-out. */
    async end(credential: Credential): Promise<void> {
      const token = signer.verify(credential);
      if (token === undefined) return;
      const userId = await database.withTransaction(
        async (tx) => {
          const [ended] = await tx.delete(sessions).where(eq(sessions.token, token)).returning();
          if (ended) await announce(tx, ended.userId);
          return ended?.userId;
        },
        { name: "sign-out" },
      );
      if (userId !== undefined) cache.forgetUser(userId);
    },

    /**
     * Ends all sessions of a user but one that is to stay, as part of the transaction of the change that it follows from, and
     * after that change; the other processes forget them when it commits.
     */
    async endAll(tx: Tx, userId: string, keptToken = ""): Promise<void> {
      await tx.delete(sessions).where(and(eq(sessions.userId, userId), ne(sessions.token, keptToken)));
      await announce(tx, userId);
    },

    /** Tells the other processes, when the transaction commits, that sessions or rights of this user have changed. */
    announce,
    /** Sessions or rights of this user have changed, here or in another process. */
    forgetUser: (userId: string): void => cache.forgetUser(userId),
    /** News from other processes may have been missed. */
    forgetAll: (): void => cache.forgetAll(),
  };
}

export type Sessions = ReturnType<typeof createSessions>;

export interface SessionsOptions {
  readonly database: Database;
  readonly signer: CredentialSigner;
  /** Tells the other processes, as part of the transaction, that sessions of this user have ended. */
  readonly announce: (tx: Tx, userId: string) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

interface FoundSession {
  readonly actor: Actor;
  readonly validMs: number;
}

async function readSessions(database: Database, tokens: string[]): Promise<Map<string, FoundSession>> {
  const rows = await database.db
    .select({
      token: sessions.token,
      userId: users.id,
      role: users.role,
      mayMoveMoney: users.mayMoveMoney,
      validMs: epochMs(sql`${sessions.expiresAt} - now()`),
    })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.token, sql`any(${sql.param(tokens)}::text[])`),
        gt(sessions.expiresAt, sql`now()`),
        gt(sessions.createdAt, sql`now() - ${SESSION_ABSOLUTE}::interval`),
        eq(users.active, true),
      ),
    );
  return new Map(rows.map(({ token, validMs, ...actor }) => [token, { actor, validMs }] as const));
}

/** Use keeps a session alive, up to its absolute end. */
async function prolong(database: Database, token: string): Promise<void> {
  await database.db
    .update(sessions)
    .set({
      expiresAt: sql`least(now() + ${SESSION_IDLE}::interval, ${sessions.createdAt} + ${SESSION_ABSOLUTE}::interval)`,
      updatedAt: sql`now()`,
    })
    .where(
      and(
        eq(sessions.token, token),
        gt(sessions.expiresAt, sql`now()`),
        lt(sessions.updatedAt, sql`now() - interval '1 hour'`),
      ),
    );
}

/** A session that is not used for so long has ended. */
export const SESSION_IDLE_DAYS = 7;

/** However much it is used, one has to sign in again after so long. */
export const SESSION_ABSOLUTE_DAYS = 30;

const SESSION_IDLE = `${SESSION_IDLE_DAYS} days`;
const SESSION_ABSOLUTE = `${SESSION_ABSOLUTE_DAYS} days`;

/** Once a day of use is often enough to write. */
const PROLONG_BELOW_MS = (SESSION_IDLE_DAYS - 1) * 86_400_000;

/** An ended session never comes back, but a copy of the database may lag behind. */
const NOBODY_MS = 10_000;
