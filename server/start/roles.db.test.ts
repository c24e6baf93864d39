import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeBuyer, makeProducts, makeSale } from "../testing/factories.ts";
import { createTcpProxy } from "../testing/tcp-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { buy, makeTokens } from "./crowd.fixture.ts";
import { type ShopProcesses, signal, spawnShop, startShop } from "./shop.fixture.ts";

/* The shop with its worker and its warehouse: processes of their own, started and kept running by the first one. */

const ALL = { ROLES: "web,worker,warehouse", WAREHOUSE_PORT: "0" };

it("dispatches what is bought once each, while worker and warehouse are killed and started again", async () => {
  await using test = await createTestDatabase();
  const { itemIds } = await makeSale(test.database, [{ stock: 100 }]);
  const [itemId = 0] = itemIds;
  await using shop = await startShop(test, ALL);
  const tokens = await makeTokens(test, 60);
  for (const [index, token] of tokens.entries()) {
    await buy(shop.url, { token, itemId, key: "k" });
    if (index === 15) signal(await pidOf(shop, "warehouse"), "SIGKILL");
    if (index === 30) signal(await pidOf(shop, "worker"), "SIGKILL");
  }
  await eventually("everything is dispatched", () => nothingIsOpen(test), 60_000);

  const [counted] = await test.sql`
    select count(*)::int as updates, count(distinct reference)::int as references, sum(quantity_change)::int as units
    from shop_warehouse.inventory_updates
    where quantity_change < 0`;
  expect(counted).toEqual({ updates: 60, references: 60, units: -60 });
  const [stock] = await test.sql`select sum(stock_quantity)::int as on_hand from shop_warehouse.products`;
  expect(stock?.on_hand).toBe(40);
  expect(await reconcile(test.database)).toMatchObject({ ok: true });
});

it("gives the warehouse's process no secret of the shop's", async () => {
  await using test = await createTestDatabase();
  const AUTH_SECRET = "sessions-q7Yd0aFzKp3sVbN8mXc5tRw2";
  await using shop = await startShop(test, { ...ALL, AUTH_SECRET, METRICS_TOKEN: "a-token-for-metrics" });
  const environment = await readFile(`/proc/${await pidOf(shop, "warehouse")}/environ`, "utf8");
  expect(environment).toContain("PATH=");
  for (const name of ["AUTH_SECRET", "METRICS_TOKEN", "DATABASE_URL"]) expect(environment).not.toContain(name);
});

it("tells the metrics of its worker beside its own", async () => {
  await using test = await createTestDatabase();
  const token = "a-token-for-metrics";
  await using shop = await startShop(test, { ...ALL, METRICS_TOKEN: token });
  const response = await fetch(`${shop.url}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  for (const instance of ["web-1", "worker"]) {
    expect(text).toContain(`doorbuster_process_up{process="${instance}"} 1`);
    expect(text).toMatch(new RegExp(`process_resident_memory_bytes{process="${instance}"} [1-9]`));
  }
});

it("checks what is new and removes what has ended by itself, in its worker", async () => {
  await using test = await createTestDatabase();
  const userId = await makeBuyer(test.database);
  await test.sql`
    insert into sessions (id, user_id, token, expires_at) values (gen_random_uuid(), ${userId}, 'ended', now() - interval '1 second')`;
  await using _shop = await startShop(test, ALL);
  const run = await eventually("a run is stored", async () => {
    const [first] = await test.sql`select scope, ok from reconcile_runs`;
    return first;
  });
  expect(run).toEqual({ scope: "new", ok: true });
  await eventually("the session is gone", async () => (await test.sql`select from sessions`).length === 0);
});

it("runs a role alone, for hosts that have their own", async () => {
  await using test = await createTestDatabase();
  const secret = "warehouse-calls-q7Yd0aFzKp3sVbN8mXc5";
  await using warehouse = await spawnShop({
    ROLES: "warehouse",
    HOST: "127.0.0.1",
    WAREHOUSE_PORT: "0",
    WAREHOUSE_DATABASE_URL: test.url,
    WAREHOUSE_SECRET: `new-${secret}`,
    // The shop has not been given the new one yet.
    WAREHOUSE_SECRET_PREVIOUS: secret,
    AUTH_SECRET: "",
  });
  await eventually("the warehouse runs", () => warehouse.printed().includes("runs: warehouse"), 30_000);
  // Its log comes by another way than what it says.
  const [, url = ""] = await eventually("its address is logged", () =>
    /"url":"(http:[^"]+)"/.exec(warehouse.printed()),
  );
  const shown = (shownSecret: string) =>
    fetch(`${url}/inventory`, { headers: { authorization: `Bearer ${shownSecret}` } });
  for (const valid of [secret, `new-${secret}`]) {
    expect(await (await shown(valid)).json()).toEqual({ items: [], nextCursor: null });
  }
  expect((await shown(`other-${secret}`)).status).toBe(401);

  const apart = { WAREHOUSE_URL: url, WAREHOUSE_SECRET: secret };
  await using shop = await startShop(test, { ROLES: "web", ...apart });
  await using worker = await spawnShop({
    ...{ DATABASE_URL: test.url, DATABASE_SCHEMA: test.schema },
    ...{ ROLES: "worker", ...apart },
  });
  const { itemIds } = await makeSale(test.database, [{ stock: 3 }]);
  const tokens = await makeTokens(test, 3);
  for (const token of tokens) await buy(shop.url, { token, itemId: itemIds[0] ?? 0, key: "k" });
  await eventually("everything is dispatched", () => nothingIsOpen(test), 30_000);
  expect(worker.printed()).toContain("runs: worker");
});

it("sells on while the worker cannot be started again, says why once, and dispatches when it can", async () => {
  await using test = await createTestDatabase();
  await using proxy = await createTcpProxy(test.url);
  const { itemIds } = await makeSale(test.database, [{ stock: 5 }]);
  await using shop = await startShop({ ...test, url: proxy.url }, { ...ALL, WAREHOUSE_DATABASE_URL: test.url });
  const [token = ""] = await makeTokens(test, 1);
  proxy.refuse(true);
  signal(await pidOf(shop, "worker"), "SIGKILL");
  await eventually("it cannot be started", () => shop.printed().includes("does not start"));
  await buy(shop.url, { token, itemId: itemIds[0] ?? 0, key: "k" });
  proxy.refuse(false);
  await eventually("everything is dispatched", () => nothingIsOpen(test), 60_000);
  const reasons = [...shop.printed().matchAll(/"role":"worker","reason":"([^"]+)"/g)].map(([, reason]) => reason);
  expect(reasons.filter((reason, index) => reason === reasons[index - 1])).toEqual([]);
});

it("says why the warehouse cannot be started, and ends with 1", async () => {
  await using test = await createTestDatabase();
  const nowhere = "postgres://nobody@127.0.0.1:1/nothing";
  await using shop = await spawnShop({
    ...{ DATABASE_URL: test.url, DATABASE_SCHEMA: test.schema },
    ...{ ...ALL, WAREHOUSE_DATABASE_URL: nowhere },
  });
  expect(await shop.ended).toBe(1);
  expect(shop.printed()).toMatch(/^No PostgreSQL server answers at 127\.0\.0\.1:1\.$/m);
});

it("stops them when it is stopped, also when each of them has heard the signal", async () => {
  await using test = await createTestDatabase();
  await using shop = await startShop(test, ALL);
  for (const role of ["warehouse", "worker"]) signal(await pidOf(shop, role), "SIGINT");
  shop.main.kill("SIGINT");
  expect(await shop.ended).toBe(0);
  expect(shop.printed()).not.toContain("started again");
});

it("ends at once at the second signal, also a worker that stands still", async () => {
  await using test = await createTestDatabase();
  await using shop = await startShop(test, ALL);
  signal(await pidOf(shop, "worker"), "SIGSTOP");
  let code: number | null | undefined;
  void shop.ended.then((ended) => {
    code = ended;
  });
  // Those that come within half a second count as one: a terminal and npm both send theirs.
  await eventually("all processes are gone", () => code !== undefined || !shop.main.kill("SIGTERM"));
  await shop.ended;
  expect(code).toBe(1);
});

it("leaves none of them behind when the first process is killed", async () => {
  await using test = await createTestDatabase();
  await makeProducts(test.database, [{ units: 5 }]);
  await using shop = await startShop(test, ALL);
  const [, warehouseUrl = ""] = await eventually("its address is logged", () =>
    /"url":"(http:[^"]+)"/.exec(shop.printed()),
  );
  expect((await fetch(`${warehouseUrl}/health/live`)).status).toBe(200);
  shop.main.kill("SIGKILL");
  // Its output ends when the last process that writes to it has.
  await shop.ended;
  await expect(fetch(`${warehouseUrl}/health/live`)).rejects.toThrow("fetch failed");
});

/** The process that has the role now, as the log says. */
function pidOf(shop: ShopProcesses, role: string): Promise<number> {
  return eventually(`the ${role} works`, () => {
    const lines = shop
      .printed()
      .split("\n")
      .filter((line) => line.startsWith("{"));
    const works = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "a process works");
    return works.findLast((line) => line.role === role)?.pid as number | undefined;
  });
}

async function nothingIsOpen(test: TestDatabase): Promise<boolean> {
  const [counted] = await test.sql`
    select
      (select count(*)::int from tasks where status not in ('COMPLETED', 'CANCELLED')) as open,
      (select count(*)::int from purchase_attempts where position is not null) as bought,
      (select count(*)::int from tasks where kind = 'dispatch') as dispatches`;
  return counted?.open === 0 && counted.bought === counted.dispatches;
}
