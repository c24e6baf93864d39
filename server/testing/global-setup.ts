import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { copyCluster } from "../database/embedded/copy-cluster.fixture.ts";
import { startEmbedded } from "../database/embedded/start-embedded.ts";
import { migrate } from "../database/migrate.ts";
import { parseDatabaseUrl } from "../settings/database-url.ts";
import { makeHostileRole } from "./hostile-role.ts";

/** What tests know of the server. */
export interface TestServer {
  /** An ordinary superuser's, of the maintenance database: for tests to arrange, look and tamper. */
  readonly adminUrl: string;
  /** Of the user as whom the product comes: see `makeHostileRole`. */
  readonly url: string;
  /** The database to clone. */
  readonly template: string;
}

declare module "vitest" {
  interface ProvidedContext {
    testServer: TestServer;
    /** A DATA_DIR with an embedded database that has been started once, to be copied. */
    readyDataDir: string;
  }
}

/** The store in every test database. */
export const TEST_SCHEMA = "shop";

/**
 * Gives all tests one PostgreSQL server, of their own unless TEST_DATABASE_URL names another, with one migrated database
 * that each test clones.
 */
export async function setup(project: TestProject): Promise<void> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) checkPlain(given);
  const folder = await mkdtemp(join(tmpdir(), "doorbuster-test-"));
  // PostgreSQL does not run as root, so whoever it runs as must be able to pass through.
  await chmod(folder, 0o711);
  const readyDataDir = join(folder, "ready");
  await (await startEmbedded({ dataDir: readyDataDir })).release();
  project.provide("readyDataDir", readyDataDir);
  const server = given ? { url: given, release: async () => {} } : await startOwnServer(folder, readyDataDir);
  const template = `doorbuster_test_template_${process.pid}`;
  const admin = postgres(server.url, { max: 1, onnotice: () => {} });
  await admin.unsafe(`drop database if exists ${template}`);
  await admin.unsafe(`create database ${template} encoding 'UTF8' template template0`);
  const role = await makeHostileRole(admin, `doorbuster_test_${process.pid}`);
  await admin.end();
  const url = Object.assign(new URL(server.url), { username: role.name, password: role.password }).href;
  await migrate({ url: withDatabase(url, template), schema: TEST_SCHEMA });
  project.provide("testServer", { adminUrl: server.url, url, template });

  tearDown = async () => {
    const cleaner = postgres(server.url, { max: 1, onnotice: () => {} });
    await cleaner.unsafe(`drop database if exists ${template} with (force)`);
    await cleaner.unsafe(`drop role ${role.name}`);
    await cleaner.end();
    await server.release();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Tests put a proxy before it, and connect as others. */
function checkPlain(url: string): void {
  const { host, tls } = parseDatabaseUrl(url);
  if (tls || host.includes(":") || host.includes("/") || new URL(url).search !== "") {
    throw new Error("TEST_DATABASE_URL must be plain: postgres://user:password@host:port/database.");
  }
}

export async function teardown(): Promise<void> {
  await tearDown();
}

let tearDown = async () => {};

async function startOwnServer(
  folder: string,
  readyDataDir: string,
): Promise<{ url: string; release(): Promise<unknown> }> {
  const dataDir = join(folder, "server");
  await copyCluster(readyDataDir, dataDir);
  // Durability is not tested here, except where a test starts a server of its own.
  // A database is made and dropped for each test, and each time all shared buffers are gone through.
  const settings = { fsync: "off", max_connections: "200", shared_buffers: "128MB" };
  return startEmbedded({ dataDir, settings });
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}
