import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { text } from "node:stream/consumers";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { RECORD_FILTERS, type RecordKind } from "../../shared/record.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp, type TestUser } from "../app/app.fixture.ts";
import { sealNow, verified } from "../chain/chain.fixture.ts";
import { reconcile } from "../operations/reconcile.ts";
import { eventually } from "../testing/eventually.ts";
import { makeProducts, makeSale } from "../testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { EXPORTS_AT_ONCE, exportRoutes } from "./rest.ts";

const KINDS = Object.keys(RECORD_FILTERS) as RecordKind[];

/** Where the file is; a summary is of days that are named. */
function addressOf(kind: RecordKind): string {
  const day = (ms: number) => new Date(Date.now() + ms).toISOString().slice(0, 10);
  const days = new URLSearchParams({ first: day(-24 * 3_600_000), last: day(24 * 3_600_000) });
  return `/api/exports/${kind}.csv${kind.startsWith("summary") ? `?${days}` : ""}`;
}

it("gives every list as a file that says in its last line that it is complete", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { saleId, itemIds } = await makeSale(test.database, [{ stock: 10, priceCents: 705, limitPerCustomer: 1 }]);
  const [productId] = await makeProducts(test.database, [
    { name: '=HYPERLINK("http://x")', units: 9, priceCents: 300 },
  ]);
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const { id: operatorId, token } = await signedInOperator(test);
  for (const key of ["a", "b"])
    await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey: key }, buyer.token);
  const order = { lines: [{ productId, quantity: 2 }], idempotencyKey: "@key" };
  await app.mutate("orders.place", order, buyer.token);
  const { items } = (await app.query("purchases.list", { userId: buyer.id }, token)).body.result.data;
  const refund = { purchaseId: items[0].purchaseId, reason: "-Broken, badly", idempotencyKey: "r" };
  await app.mutate("purchases.refund", refund, token);

  const files = new Map<RecordKind, string[]>();
  for (const kind of KINDS) {
    const answer = await app.send(addressOf(kind), { token });
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(answer.headers.get("content-disposition")).toMatch(
      new RegExp(`^attachment; filename="doorbuster-${kind}-\\d{4}-\\d\\d-\\d\\d\\.csv"$`),
    );
    expect(answer.text.endsWith("\r\n")).toBe(true);
    const lines = answer.text.split("\r\n").slice(0, -1);
    const rows = lines.slice(1).filter((line) => !line.startsWith("# "));
    expect(lines.at(-1)).toBe(`# complete: ${rows.length} rows`);
    files.set(kind, rows);
  }
  const TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";
  const [refused = "", bought = ""] = files.get("attempts") ?? [];
  expect(refused).toMatch(new RegExp(`^[\\da-f-]{36},${TIME},LIMIT_REACHED,.+,${buyer.id},${saleId},A sale,`));
  expect(refused).toContain(",1,,,,,EUR,,,,");
  expect(bought).toContain(
    `,bought,,${buyer.id},${saleId},A sale,${itemIds[0]},Item 0,1,7.05,705,42.95,4295,EUR,9,1,20`,
  );
  expect(files.get("orders")?.[0]).toMatch(
    new RegExp(
      `^\\d+,${TIME},pending,${buyer.id},2,"2 × =HYPERLINK\\(""http://x""\\)",6.00,600,36.95,3695,EUR,,'@key$`,
    ),
  );
  expect(files.get("refunds")?.[0]).toContain(`,Item 0,7.05,705,44.00,4400,EUR,true,"'-Broken, badly",${operatorId}`);
  expect(files.get("credits")).toHaveLength(1);
  expect(files.get("changes")?.some((line) => line.includes("purchases.refund"))).toBe(true);
  expect((await reconcile(test.database)).ok).toBe(true);
});

it("gives a ledger that has every movement once, with its amount and its accounts", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { itemIds } = await makeSale(test.database, [{ stock: 10, priceCents: 700 }]);
  const [productId] = await makeProducts(test.database, [{ units: 9, priceCents: 300 }]);
  const buyer = await signedInBuyer(test, { balanceCents: 5_000 });
  const { token } = await signedInOperator(test);
  for (const key of ["a", "b"])
    await app.mutate("purchases.buy", { itemId: itemIds[0], idempotencyKey: key }, buyer.token);
  const placed = await app.mutate(
    "orders.place",
    { lines: [{ productId, quantity: 1 }], idempotencyKey: "o" },
    buyer.token,
  );
  await app.mutate("orders.refund", { orderId: placed.body.result.data.order.orderId, idempotencyKey: "r" }, token);
  await app.mutate("wallets.topUp", { amountCents: 10, idempotencyKey: "t" }, buyer.token);

  const { text } = await app.send(`/api/exports/movements.csv?userId=${buyer.id}`, { token });
  const rows = text
    .split("\r\n")
    .slice(1, -2)
    .map((line) => line.split(","));
  const written = rows.map(([, kind, , userId, from, to, , cents, , balance]) => [
    kind,
    userId,
    from,
    to,
    cents,
    balance,
  ]);
  const ledger = await test.sql`
    select kind, user_id, from_account, to_account, amount_cents::text, balance_after_cents::text from movements`;
  expect(written.toSorted()).toEqual(ledger.map((row) => Object.values(row)).toSorted());
  expect(written).toHaveLength(6);
});

it("ends the attempts with the heads of their items' chains, as they are held against the store later", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { itemIds } = await makeSale(test.database, [{ stock: 1 }, { stock: 1 }]);
  const buyer = await signedInBuyer(test);
  const { token } = await signedInOperator(test);
  for (const itemId of itemIds)
    await app.mutate("purchases.buy", { itemId, idempotencyKey: `k${itemId}` }, buyer.token);
  await sealNow(test.database);
  const headsIn = async (query: string) => {
    const { text } = await app.send(`/api/exports/attempts.csv?${query}`, { token });
    return [...text.matchAll(/^# head (item:\d+) (\d+) ([\da-f]{64})\r$/gm)].map(
      ([, chain = "", number, head = ""]) => ({
        chain,
        number: Number(number),
        head,
      }),
    );
  };
  const published = await headsIn("");
  expect(published.map(({ chain }) => chain)).toEqual(itemIds.map((itemId) => `item:${itemId}`));
  expect(await headsIn(`itemId=${itemIds[1]}`)).toEqual(published.slice(1));
  expect(await verified(test.database, { published })).toMatchObject({ ok: true });
});

it("takes the filters of the lists, and names what it does not understand", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { itemIds } = await makeSale(test.database, [{ stock: 1 }, { stock: 1 }]);
  const buyer = await signedInBuyer(test);
  const { token } = await signedInOperator(test);
  for (const itemId of itemIds)
    await app.mutate("purchases.buy", { itemId, idempotencyKey: `k${itemId}` }, buyer.token);
  const rowsOf = async (query: string) => {
    const { status, text } = await app.send(`/api/exports/attempts.csv?${query}`, { token });
    expect(status, text).toBe(200);
    return text.split("\r\n").length - 3;
  };
  expect(await rowsOf("")).toBe(2);
  expect(await rowsOf(`itemId=${itemIds[0]}&outcome=bought&userId=${buyer.id}`)).toBe(1);
  expect(await rowsOf("from=2999-01-01T00:00:00Z")).toBe(0);
  for (const query of [
    "itemId=abc",
    "itemId=1e3",
    "itemId=1&itemId=2",
    "unknown=1",
    "bom=yes",
    "from=today",
    "cursor=x",
  ]) {
    const { status, body } = await app.send(`/api/exports/attempts.csv?${query}`, { token });
    expect({ query, status, code: body.code }).toEqual({ query, status: 400, code: "INVALID_INPUT" });
  }
  const marked = await fetch(`${app.url}/api/exports/attempts.csv?bom=1`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect([...new Uint8Array(await marked.arrayBuffer()).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
});

it("is for staff, and answers HEAD without reading anything", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const buyer = await signedInBuyer(test);
  const { token } = await signedInOperator(test);
  for (const kind of KINDS) {
    const path = addressOf(kind);
    expect((await app.send(path)).status).toBe(401);
    expect((await app.send(path, { token: buyer.token })).status).toBe(403);
    expect(await app.send(path, { method: "HEAD", token })).toMatchObject({ status: 200, text: "" });
    expect((await app.send(path, { method: "POST", body: {}, token })).status).toBe(405);
  }
});

it("serves a few at a time, one to each user, and gives the place of a reader that went away to the next", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  await makeMuch(test);
  const users = await Promise.all(Array.from({ length: EXPORTS_AT_ONCE + 1 }, () => signedInOperator(test)));
  const tokens = users.map(({ token }) => token);
  const [first = "", second = ""] = tokens;
  const last = tokens.at(-1) ?? "";
  const reader = await open(app, first);
  expect(await refusal(app, first)).toEqual([429, "10", expect.stringContaining("of yours")]);
  const others = await Promise.all(tokens.slice(1, -1).map((token) => open(app, token)));
  expect([reader, ...others].map(({ status }) => status)).toEqual(Array(EXPORTS_AT_ONCE).fill(200));
  expect(await refusal(app, last)).toEqual([429, "10", expect.stringContaining("Other exports")]);
  reader.goAway();
  const next = await opened(app, last);
  expect(await refusal(app, first)).toEqual([429, "10", expect.stringContaining("Other exports")]);
  for (const { goAway } of [...others, next]) goAway();
  (await opened(app, second)).goAway();
});

it.each<[string, (of: { app: TestApp; user: TestUser; other: TestUser }) => Promise<{ status: number }>]>([
  ["is demoted", ({ app, user, other }) => app.mutate("users.setRole", { ...BUYER, userId: user.id }, other.token)],
  [
    "is deactivated",
    ({ app, user, other }) => app.mutate("users.setActive", { userId: user.id, active: false }, other.token),
  ],
  [
    "is signed out by another",
    ({ app, user, other }) => app.mutate("users.signOut", { userId: user.id, reason: "a test" }, other.token),
  ],
  ["signs out", ({ app, user }) => app.send("/api/auth/sign-out", { method: "POST", token: user.token })],
])("breaks a file off whose reader %s", async (_how, end) => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  await makeMuch(test);
  const [user, other] = [await signedInOperator(test), await signedInOperator(test)];
  const { status, rest } = await open(app, user.token);
  expect(status).toBe(200);
  expect((await end({ app, user, other })).status).toBe(200);
  await expect(rest()).rejects.toThrow();
});

it("breaks a file off whose program's key is revoked", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  await makeMuch(test);
  const user = await signedInOperator(test);
  const made = await app.mutate("keys.create", { name: "A report", scopes: ["read"] }, user.token);
  const { keyId, key } = made.body.result.data;
  const { rest } = await open(app, key);
  expect((await app.mutate("keys.revoke", { keyId, reason: "a test" }, user.token)).status).toBe(200);
  await expect(rest()).rejects.toThrow();
  const whole = await open(app, user.token);
  expect(await whole.rest()).toContain("# complete: 80");
});

it.each(["reads nothing", "reads a little now and then"])("ends a file whose reader %s", async (how) => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  await makeMuch(test);
  const { id: userId } = await signedInOperator(test);
  const actor = { userId, role: "auditor", mayMoveMoney: false } as const;
  const contextOf = () => ({ actor, actorNow: () => actor, requestId: "r", address: "127.0.0.1" });
  await using server = Object.assign(Fastify(), { [Symbol.asyncDispose]: () => server.close() });
  await server.register(exportRoutes, { services: app.services, contextOf, portionMsMax: 300 });
  await server.listen({ host: "127.0.0.1", port: 0 });
  const { port } = server.server.address() as AddressInfo;
  const come = once(server.server, "connection");
  const socket = connect({ host: "127.0.0.1", port });
  socket.on("error", () => {});
  socket.pause();
  socket.write(`GET ${CHANGES} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const connections = () =>
    new Promise<number>((resolve) => server.server.getConnections((_, count) => resolve(count)));
  await come;
  await eventually("it is ended", async () => {
    if (how !== "reads nothing") socket.read(1_000);
    return (await connections()) === 0;
  });
  socket.destroy();
  await eventually("its place is free", async () => {
    const next = await open({ url: `http://127.0.0.1:${port}` }, "").catch(() => undefined);
    next?.goAway();
    return next?.status === 200;
  });
});

const CHANGES = "/api/exports/changes.csv";
const BUYER = { role: "buyer", mayMoveMoney: false, reason: "a test" };

/** More than a connection takes before its reader has read. */
async function makeMuch({ sql }: TestDatabase): Promise<void> {
  await sql`
    insert into audit_log (occurred_at, actor_kind, action, subject, outcome, details)
    select now(), 'system', 'sales.create', 'sale:1', 'success', jsonb_build_object('text', repeat('x', 4000))
    from generate_series(1, 8000)`;
}

/** A file of which no more is read yet than its head, on a connection of its own. */
async function open({ url }: Pick<TestApp, "url">, token: string) {
  const request = get(`${url}${CHANGES}`, { headers: { authorization: `Bearer ${token}` }, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  return { status: response.statusCode, rest: () => text(response), goAway: () => void request.destroy() };
}

/** One that is opened as soon as there is a place. */
async function opened(app: TestApp, token: string) {
  return eventually("there is a place", async () => {
    const file = await open(app, token);
    if (file.status === 200) return file;
    file.goAway();
    return undefined;
  });
}

async function refusal(app: TestApp, token: string): Promise<unknown[]> {
  const { status, headers, body } = await app.send(CHANGES, { token });
  return [status, headers.get("retry-after"), body.message];
}
