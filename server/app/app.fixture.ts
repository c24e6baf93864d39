import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { sessions } from "../../drizzle/schema/index.ts";
import { CredentialSigner, newToken } from "../accounts/credential.ts";
import { createLogger } from "../processes/logger.ts";
import { readConfig } from "../settings/config.ts";
import { Doorbuster } from "../start/doorbuster.ts";
import { makeAuditor, makeBuyer, makeOperator } from "../testing/factories.ts";
import type { TestDatabase } from "../testing/test-database.ts";
import type { Services } from "./services.ts";

export const TEST_SECRET = "f8Q2mZr7LxW0tB5nVc3kYp9sHd6gJa1e";

/** The real product on a test's database and a free port, as one of the processes that may serve it. */
export interface TestApp extends AsyncDisposable {
  readonly url: string;
  readonly services: Services;
  /** Everything that was logged. */
  readonly logged: () => string;
  /** Sends a request; JSON in and out. */
  send(path: string, request?: TestRequest): Promise<TestAnswer>;
  /** Calls a procedure by GET. */
  query(path: string, input?: unknown, token?: string): Promise<TestAnswer>;
  /** Calls a procedure by POST. */
  mutate(path: string, input: unknown, token?: string): Promise<TestAnswer>;
  stop(): Promise<void>;
}

export interface TestRequest {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
}

export async function startTestApp(test: TestDatabase, env: Record<string, string> = {}): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), "doorbuster-app-"));
  const lines: string[] = [];
  const config = readConfig({
    PORT: "0",
    HOST: "127.0.0.1",
    DATABASE_URL: test.url,
    DATABASE_SCHEMA: test.schema,
    DATA_DIR: dataDir,
    AUTH_SECRET: TEST_SECRET,
    ROLES: "web",
    ...env,
  });
  const logger = createLogger({ mode: "production", logLevel: "info" }, { write: (line) => void lines.push(line) });
  const doorbuster = Doorbuster.create(config, { logger, page: "none", demo: false });
  await doorbuster.start();
  const { url = "", services } = doorbuster;

  async function send(path: string, { method, token, headers = {}, body }: TestRequest = {}): Promise<TestAnswer> {
    const response = await fetch(`${url}${path}`, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      redirect: "manual",
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  }

  return {
    url,
    services,
    logged: () => lines.join(""),
    send,
    query: (path, input, token) =>
      send(`/trpc/${path}${input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`}`, {
        token,
      }),
    mutate: (path, input, token) => send(`/trpc/${path}`, { token, body: input ?? "" }),
    stop: () => doorbuster.stop(),
    async [Symbol.asyncDispose]() {
      await doorbuster.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** A user with a bearer token. */
export interface TestUser {
  readonly id: string;
  readonly token: string;
}

export async function signedInBuyer(test: TestDatabase, options?: { balanceCents?: number }): Promise<TestUser> {
  const id = await makeBuyer(test.database, options);
  return { id, token: await tokenFor(test, id) };
}

export async function signedInAuditor(test: TestDatabase): Promise<TestUser> {
  const id = await makeAuditor(test.database);
  return { id, token: await tokenFor(test, id) };
}

export async function signedInOperator(test: TestDatabase, options?: { mayMoveMoney?: boolean }): Promise<TestUser> {
  const id = await makeOperator(test.database, options);
  return { id, token: await tokenFor(test, id) };
}

/** Begins a session behind the server's back. */
export async function tokenFor(test: TestDatabase, userId: string): Promise<string> {
  const token = newToken();
  await test.database.db
    .insert(sessions)
    .values({ id: crypto.randomUUID(), userId, token, expiresAt: sql`now() + interval '7 days'` as never });
  return new CredentialSigner(TEST_SECRET).sign(token);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
