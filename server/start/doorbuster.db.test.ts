import { createServer } from "node:net";
import { describe, expect, it, vi } from "vitest";
import { DEMO_PASSWORD } from "../accounts/demo-accounts.ts";
import { signedInBuyer, startTestApp } from "../app/app.fixture.ts";
import { ListenError } from "../http/listen.ts";
import { reconcile } from "../operations/reconcile.ts";
import { ConfigError, readConfig } from "../settings/config.ts";
import { eventually } from "../testing/eventually.ts";
import { makeItem, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { Doorbuster } from "./doorbuster.ts";

const STRONG = "q7Yd0aFzKp3sVbN8mXc5tRw2eLh6uJgT";

async function startDemo(test: TestDatabase, env: Record<string, string> = {}): Promise<Doorbuster> {
  const config = readConfig({
    PORT: "0",
    HOST: "127.0.0.1",
    DATABASE_URL: test.url,
    DATABASE_SCHEMA: test.schema,
    AUTH_SECRET: STRONG,
    LOG_LEVEL: "silent",
    ROLES: "web",
    ...env,
  });
  const doorbuster = Doorbuster.create(config, { page: "none" });
  await doorbuster.start();
  return doorbuster;
}

describe("stopping", () => {
  it("finishes the purchase that is under way, and lets nobody new in", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const buyer = await signedInBuyer(test);
    const itemId = await makeItem(test.database, { stock: 1 });
    const body = { itemId, idempotencyKey: "k" };
    const [answer, stopped] = await test.sql.begin(async (holder) => {
      await holder`select from items where id = ${itemId} for update`;
      const buying = app.mutate("purchases.buy", body, buyer.token);
      const request = { ...body, userId: buyer.id, quantity: 1 };
      await eventually("the purchase is under way", () => app.services.purchaseBatcher.isWaiting(request));
      const stopping = app.stop();
      await eventually("nobody is let in", () =>
        app.send("/health/live").then(
          () => false,
          () => true,
        ),
      );
      return [buying, stopping] as const;
    });
    expect((await answer).body.result.data).toMatchObject({ outcome: "purchased", position: 1 });
    expect((await answer).headers.get("connection")).toBe("close");
    await stopped;
    await app.stop();
    await using other = await test.open().then((database) => ({ database, [Symbol.asyncDispose]: async () => {} }));
    expect(await reconcile(other.database)).toMatchObject({ ok: true });
  });

  it("ends the streams of viewers instead of waiting for them", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const { saleId } = await makeSale(test.database, [{ stock: 1 }]);
    const input = encodeURIComponent(JSON.stringify({ saleId }));
    const response = await fetch(`${app.url}/trpc/sales.watch?input=${input}`, {
      headers: { accept: "text/event-stream" },
    });
    const text = response.text().catch(() => "cut off");
    await eventually("somebody is watching", () => app.services.liveSales.stats().viewers === 1);
    await app.stop();
    expect(await text).toContain(`"saleId":${saleId}`);
  });
});

describe("starting", () => {
  it("says which port is taken, and leaves nothing behind", async () => {
    await using test = await createTestDatabase();
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const { port } = holder.address() as { port: number };
    await expect(startDemo(test, { PORT: String(port) })).rejects.toThrow(ListenError);
    await expect(startDemo(test, { PORT: String(port) })).rejects.toThrow(
      new RegExp(`^Port ${port} is taken [^\\n]*\\.$`),
    );
    await new Promise((resolve) => holder.close(resolve));
    const running = await startDemo(test, { PORT: String(port) });
    expect(running.url).toBe(`http://127.0.0.1:${port}`);
    await running.stop();
  });

  it("says what HOST is wrong with", async () => {
    await using test = await createTestDatabase();
    await expect(startDemo(test, { HOST: "203.0.113.1" })).rejects.toThrow("HOST is 203.0.113.1");
  });

  it("says in a sentence that the database has no connection left for it", async () => {
    await using test = await createTestDatabase();
    await test.sql.unsafe(`
      create role lonely login password 'lonely' connection limit 1;
      grant usage on schema shop to lonely;
      grant select on all tables in schema shop to lonely;
    `);
    const url = Object.assign(new URL(test.url), { username: "lonely", password: "lonely" }).href;
    await expect(startDemo(test, { DATABASE_URL: url, NODE_ENV: "production" })).rejects.toThrow(
      /^The PostgreSQL server at \S+ has no connection left for user "\S+": too many connections for .*\.$/,
    );
    await test.sql.unsafe("drop owned by lonely; drop role lonely");
  });

  it("fills an empty development store once, with accounts that can sign in", async () => {
    await using test = await createTestDatabase();
    for (const _start of [1, 2]) {
      const running = await startDemo(test);
      expect(running.hasDemoAccounts).toBe(true);
      for (const email of ["buyer@example.com", "operator@example.com", "auditor@example.com"]) {
        const response = await fetch(`${running.url}/api/auth/sign-in/email`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ email, password: DEMO_PASSWORD }),
        });
        expect(response.status).toBe(200);
      }
      await running.stop();
    }
    const [counted] =
      await test.sql`select count(*)::int as users, (select count(*)::int from sales) as sales from users`;
    expect(counted).toMatchObject({ users: 3, sales: expect.any(Number) });
    expect(await reconcile(test.database)).toMatchObject({ ok: true });
  });

  it("refuses in production a store whose demo accounts still have their public password", async () => {
    await using test = await createTestDatabase();
    await (await startDemo(test)).stop();
    const production = { NODE_ENV: "production", AUTH_SECRET: STRONG };
    await expect(startDemo(test, production)).rejects.toThrow(ConfigError);
    await test.sql`update users set active = false`;
    const running = await startDemo(test, production);
    expect(running.hasDemoAccounts).toBe(false);
    expect(running.services.paymentProvider).toBeUndefined();
    await running.stop();
  });

  it.each([
    [15, true],
    [0, false],
  ])("says that this machine's clock differs from the database's by %s minutes: %s", async (minutes, isSaid) => {
    await using test = await createTestDatabase();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + minutes * 60_000 });
    try {
      await using app = await startTestApp(test);
      expect(app.logged().includes("this machine's clock differs")).toBe(isSaid);
      const [, seconds] = /"aheadSeconds":(\d+)/.exec(app.logged()) ?? [];
      // A busy machine takes a moment to read the one clock after the other.
      if (isSaid) expect(Math.round(Number(seconds) / 60)).toBe(minutes);
    } finally {
      vi.useRealTimers();
    }
  });

  it("begins sessions and the demo's sales by the database's clock", async () => {
    await using test = await createTestDatabase();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 30 * 86_400_000 });
    try {
      const running = await startDemo(test);
      const response = await fetch(`${running.url}/api/auth/sign-in/email`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ email: "buyer@example.com", password: DEMO_PASSWORD }),
      });
      expect(response.status).toBe(200);
      await running.stop();
    } finally {
      vi.useRealTimers();
    }
    const [session] = await test.sql`
      select abs(extract(epoch from now() - created_at)) < 3600 as begun,
        expires_at between now() + interval '6 days' and now() + interval '8 days' as ends
      from sessions`;
    expect(session).toEqual({ begun: true, ends: true });
    const [sale] = await test.sql`select count(*)::int as live from sales where now() between starts_at and ends_at`;
    expect(sale).toEqual({ live: 1 });
  });

  it("fills nothing in production", async () => {
    await using test = await createTestDatabase();
    await (await startDemo(test, { NODE_ENV: "production" })).stop();
    const [counted] =
      await test.sql`select count(*)::int as users, (select count(*)::int from sales) as sales from users`;
    expect(counted).toEqual({ users: 0, sales: 0 });
  });
});
