import { join } from "node:path";
import { expect, it } from "vitest";
import { choosePort } from "../database/embedded/choose-port.ts";
import { killPostmaster } from "../database/embedded/embedded.fixture.ts";
import { eventually } from "../testing/eventually.ts";
import { createTcpProxy } from "../testing/tcp-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { type ShopProcesses, spawnShop } from "./shop.fixture.ts";

/* A database that is lost around the end of a start: before it is complete, and in the moment it is. */

const ALL = { ROLES: "web,worker,warehouse", WAREHOUSE_PORT: "0" };

/** Readiness answers in milliseconds once it does; everything before is the start, on a machine that does other things. */
const START_MS_MAX = 60_000;

it("outlives a database that is killed in the moment of readiness", async () => {
  const port = await choosePort(undefined);
  await using shop = await spawnShop({ ...ALL, NODE_ENV: "development", PORT: String(port) });
  await eventually("it is ready", () => isReady(port), START_MS_MAX);
  await killPostmaster(join(shop.dataDir, "postgres"));
  // Whoever is still being started would meet no database now, and end the shop.
  await eventually("the database was started again", () => shop.printed().includes("was started again"), START_MS_MAX);
  await eventually("it is ready again", () => isReady(port), START_MS_MAX);
  expect(shop.printed()).not.toContain("does not start");
  expect(shop.main.exitCode).toBeNull();
});

it("is not ready while a role has still to start, and waits for a role's database that is lost meanwhile", async () => {
  await using test = await createTestDatabase();
  await using proxy = await createTcpProxy(test.url);
  await using held = await holdMigrations(test, "shop_warehouse");
  const port = await choosePort(undefined);
  const env = { ...ALL, PORT: String(port), WAREHOUSE_DATABASE_URL: proxy.url };
  await using shop = await spawnShop({ ...env, DATABASE_URL: test.url, DATABASE_SCHEMA: test.schema });
  await eventually("the warehouse waits", () => held.isWaitedFor(), START_MS_MAX);
  expect(await isReady(port)).toBe(false);

  proxy.refuse(true);
  proxy.cut();
  await held.release();
  await eventually("the warehouse was tried again", () => proxy.refused >= 2, START_MS_MAX);
  expect(await isReady(port)).toBe(false);
  proxy.refuse(false);
  await isOpen(shop);
  expect(await isReady(port)).toBe(true);
});

it("begins again where its own database is lost before it is open", async () => {
  await using test = await createTestDatabase();
  await using proxy = await createTcpProxy(test.url);
  await using held = await holdMigrations(test, test.schema);
  await using shop = await spawnShop({ ...ALL, DATABASE_URL: proxy.url, DATABASE_SCHEMA: test.schema });
  await eventually("the start waits", () => held.isWaitedFor(), START_MS_MAX);
  proxy.refuse(true);
  proxy.cut();
  await held.release();
  await eventually("it was tried again", () => proxy.refused >= 2, START_MS_MAX);
  // What was tried until then may have been the warehouse alone.
  await eventually("it says so", () => shop.printed().includes("Waiting for the database"), START_MS_MAX);
  proxy.refuse(false);
  await isOpen(shop);
});

async function isOpen(shop: ShopProcesses): Promise<void> {
  await eventually("the shop is open", () => shop.printed().includes("is open at"), START_MS_MAX);
}

function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health/ready`, { headers: { connection: "close" } }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Takes the turn to migrate a store, as another process would. */
async function holdMigrations({ sql }: TestDatabase, schema: string) {
  const session = await sql.reserve();
  await session`select pg_advisory_lock(hashtextextended(${`doorbuster migrate ${schema}`}, 0))`;
  let isHeld = true;
  const release = async () => {
    if (!isHeld) return;
    isHeld = false;
    await session`select pg_advisory_unlock_all()`;
    session.release();
  };
  return {
    release,
    /** It asks for the turn again and again. */
    isWaitedFor: async () => {
      const [found] = await sql`
        select from pg_stat_activity
        where application_name = 'doorbuster migrate' and datname = current_database()
          and query like '%pg_try_advisory_lock%'`;
      return found !== undefined;
    },
    [Symbol.asyncDispose]: release,
  };
}
