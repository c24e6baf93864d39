import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { makeItem } from "../testing/factories.ts";
import { createTestDatabase } from "../testing/test-database.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestApp } from "./app.fixture.ts";
import { sendBytes } from "./two-ways.fixture.ts";

/** Sends the same body to tRPC's fast route, to its adapter and to a REST route; answers their statuses. */
async function byAllWays(app: TestApp, token: string, body: { trpc: string; rest: string }, headers = {}) {
  const all = { "content-type": "application/json", "idempotency-key": "k", ...headers };
  const send = async (path: string, text: string) =>
    (await app.send(path, { method: "POST", token, headers: all, body: text })).status;
  return [
    await send("/trpc/purchases.buy", body.trpc),
    // A header that the fast route leaves to the adapter.
    (
      await app.send("/trpc/purchases.buy", {
        method: "POST",
        token,
        body: body.trpc,
        headers: { ...all, "trpc-accept": "x" },
      })
    ).status,
    await send("/api/purchase/", body.rest),
    await send("/api/orders", body.rest),
  ];
}

it("reads a body in one way, whichever route it is sent to", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInBuyer(test);
  const itemId = await makeItem(test.database, { stock: 10 });
  const trpc = JSON.stringify({ itemId, idempotencyKey: "k" });
  const rest = JSON.stringify({ item_id: itemId });
  const cases: [what: string, status: number, change: (text: string) => string, headers?: Record<string, string>][] = [
    ["a byte order mark", 400, (text) => `\ufeff${text}`],
    ["nothing", 400, () => ""],
    ["blanks", 400, () => "  "],
    ["something behind", 400, (text) => `${text}x`],
    ["two bodies", 400, (text) => `${text}${text}`],
    ["a comment", 400, (text) => `${text}// x`],
    ["single quotes", 400, (text) => text.replaceAll('"', "'")],
    ["a comma too many", 400, (text) => text.replace("}", ",}")],
    ["a rounded number", 400, () => '{"itemId":1.00000000000000000001,"item_id":1.00000000000000000001}'],
    ["a number that is none", 400, () => '{"itemId":1e400,"item_id":1e400}'],
    ["deep nesting", 400, () => `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["an own __proto__", 400, (text) => text.replace("{", '{"__proto__":{"a":1},')],
    ["a compressed body", 415, (text) => text, { "content-encoding": "gzip" }],
    ["a body in an encoding that nobody knows", 415, (text) => text, { "content-encoding": "x" }],
    ["another charset", 415, (text) => text, { "content-type": "application/json; charset=iso-8859-1" }],
    ["two charsets", 415, (text) => text, { "content-type": 'application/json; charset=utf-8; charset="latin1"' }],
    ["another type", 415, (text) => text, { "content-type": "text/plain" }],
    ["two types", 415, (text) => text, { "content-type": "application/json, text/plain" }],
    ["a type like it", 415, (text) => text, { "content-type": "application/json5" }],
    ["a type with its suffix", 415, (text) => text, { "content-type": "application/problem+json" }],
  ];
  for (const [what, status, change, headers] of cases) {
    const statuses = await byAllWays(app, token, { trpc: change(trpc), rest: change(rest) }, headers);
    expect({ what, statuses }).toEqual({ what, statuses: [status, status, status, status] });
  }
  const mine = await app.query("purchases.mine", {}, token);
  expect(mine.body.result.data.items).toEqual([]);
  // What is right is read alike too.
  for (const type of ["Application/JSON", "application/json; charset=utf-8", "application/json;charset=UTF-8"]) {
    const [fast, adapter, purchase] = await byAllWays(app, token, { trpc, rest }, { "content-type": type });
    expect({ type, fast, adapter, purchase }).toEqual({ type, fast: 200, adapter: 200, purchase: 200 });
  }
});

it("refuses bytes that are not UTF-8, in a body and in an address, and makes no two passwords one", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInBuyer(test);
  const account = (password: string) => Buffer.from(JSON.stringify({ email: "ada@example.com", password }), "latin1");
  const latin1 = account("kzuw-\xe9\xe8-lamp-ode");
  for (const [path, headers] of [
    ["/api/auth/sign-up/email", {}],
    ["/api/auth/sign-in/email", {}],
    ["/api/purchase", {}],
    ["/api/orders", {}],
    ["/trpc/purchases.buy", {}],
    ["/trpc/purchases.buy", { "trpc-accept": "x" }],
  ] as const) {
    const all = { "content-type": "application/json", authorization: `Bearer ${token}`, ...headers };
    const response = await fetch(`${app.url}${path}`, { method: "POST", headers: all, body: latin1 });
    expect([path, response.status, await response.text()]).toEqual([path, 400, expect.stringContaining("not UTF-8")]);
  }
  const port = Number(new URL(app.url).port);
  for (const path of [
    "/trpc/products.list?input=%7B%22search%22:%22%e9%22%7D",
    "/trpc/products.list?input=%7B%22search%22:%22%c3%28%22%7D",
    "/trpc/products.list?input=%7B%22search%22:%22\xe9%22%7D",
    "/trpc/products.list?batch=1&input=%7B%220%22:%7B%22search%22:%22%e9%22%7D%7D",
    "/api/orders/%e9",
  ]) {
    const { status } = await sendBytes(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    expect([path, status]).toEqual([path, 400]);
  }
  const marked = await app.query("products.list?input=%EF%BB%BF%7B%7D");
  expect([marked.status, marked.body.error.message]).toEqual([400, expect.stringMatching(/^The JSON begins with/)]);
  expect((await app.query("products.list", { search: "Lämpchen 灯" })).status).toBe(200);
});

it("asks who it is before it reads a large body", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const port = Number(new URL(app.url).port);
  for (const path of ["/api/tasks", "/trpc/tasks.submit"]) {
    // None of it is sent.
    const { status } = await sendBytes(
      port,
      `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 240000\r\nConnection: close\r\n\r\n`,
    );
    expect([path, status]).toEqual([path, 401]);
  }
});

it("refuses a body that is really compressed, and says what to do", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  for (const path of ["/trpc/purchases.buy", "/api/purchase/", "/api/auth/sign-in/email"]) {
    const response = await fetch(`${app.url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", "content-encoding": "gzip" },
      body: gzipSync("{}"),
    });
    expect([response.status, response.headers.get("accept-encoding")]).toEqual([415, "identity"]);
    expect(await response.text()).toContain("without a Content-Encoding");
  }
});

it("refuses a request that names no host, several, or none that can be one", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const port = Number(new URL(app.url).port);
  const send = (path: string, hosts: string, version = "1.1") =>
    sendBytes(port, `GET ${path} HTTP/${version}\r\n${hosts}Connection: close\r\n\r\n`);
  for (const path of ["/trpc/sales.list", "/api/auth/get-session", "/health/live", "/docs"]) {
    for (const hosts of [
      "",
      "Host: a\r\nHost: a\r\n",
      "Host: a\r\nhOST: b\r\n",
      "Host: \r\n",
      "Host: a b\r\n",
      "Host: a@b\r\n",
    ]) {
      const { status, headers } = await send(path, hosts);
      expect({ path, hosts, status }).toEqual({ path, hosts, status: 400 });
      expect(headers["x-request-id"]).toMatch(/^[\w-]{36}$/);
    }
    expect((await send(path, "Host: shop.example:80\r\n")).status).toBe(200);
    expect((await send(path, "", "1.0")).status).toBe(200);
  }
});

it("answers every batch with its request's id, also one that cannot be called", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInBuyer(test);
  for (const [path, method] of [
    ["/trpc/sales.list,purchases.buy?batch=1&input=%7B%7D", "GET"],
    ["/trpc/purchases.buy,sales.list?batch=1", "POST"],
    ["/trpc/sales.list,sales.watch?batch=1&input=%7B%7D", "GET"],
    ["/trpc/sales.list?connectionParams=x", "GET"],
  ] as const) {
    const headers = { "content-type": "application/json", "x-request-id": "request-0001" };
    const answer = await app.send(path, { method, token, headers, ...(method === "POST" && { body: "{}" }) });
    expect({ path, status: answer.status }).toEqual({ path, status: 400 });
    expect(answer.headers.get("x-request-id")).toBe("request-0001");
    const [error] = [answer.body].flat();
    expect(error.error.data).toMatchObject({ reason: "INVALID_INPUT", requestId: "request-0001" });
  }
});

it("keeps the numbers of a task's payload as they were sent, or refuses them", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInOperator(test);
  const submit = (path: string, taskId: string, payload: string) =>
    app.send(path, { token, body: `{"taskId":"${taskId}","kind":"simulate","payload":${payload}}` });
  for (const [at, path] of ["/trpc/tasks.submit", "/api/tasks"].entries()) {
    for (const number of ["9007199254740993", "1e400", "0.12345678901234567890"]) {
      const refused = await submit(path, "t", `{"a":[${number}]}`);
      expect({ path, number, status: refused.status }).toEqual({ path, number, status: 400 });
      expect(refused.text).toContain("payload.a.0");
    }
    const kept = '{"a":[9007199254740991,0.1,1e21,-5e-324]}';
    expect((await submit(path, `t${at}`, kept)).status).toBe(200);
    const [row] = await test.sql`select payload::text from tasks where task_id = ${`t${at}`}`;
    expect(JSON.parse(row?.payload ?? "")).toEqual(JSON.parse(kept));
  }
  const rounded = await app.send(`/trpc/sales.byId?input=%7B%22saleId%22%3A1.00000000000000000001%7D`);
  expect(rounded.status).toBe(400);
});

it("knows an address with and without a slash at its end, and says 405 to whatever else is sent to it", async () => {
  await using test = await createTestDatabase();
  await using app = await startTestApp(test);
  const { token } = await signedInBuyer(test);
  const statuses = async (path: string, allowed: readonly string[]) => {
    const methods = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"].filter((method) => !allowed.includes(method));
    return Promise.all(
      methods.map(async (method) => {
        const { status, headers } = await app.send(path, { method, token });
        return `${method} ${status} ${headers.get("allow")}`;
      }),
    );
  };
  for (const path of ["/api/purchase", "/api/orders", "/api/tasks", "/api/auth/sign-in/email", "/api/auth/sign-out"]) {
    for (const each of [path, `${path}/`]) {
      for (const answer of await statuses(each, [])) expect(`${each} ${answer}`).toMatch(/ 405 POST$/);
    }
  }
  for (const path of ["/api/auth/get-session", "/api/orders/1", "/api/tasks/x", "/openapi.json", "/docs", "/metrics"]) {
    for (const each of [path, `${path}/`]) {
      for (const answer of await statuses(each, ["GET", "HEAD"])) expect(`${each} ${answer}`).toMatch(/ 405 GET$/);
    }
  }
  for (const path of ["/api/auth/get-session/", "/health/live/", "/docs/", "/trpc/sales.list/"]) {
    expect({ path, status: (await app.send(path, { token })).status }).toEqual({ path, status: 200 });
  }
});
