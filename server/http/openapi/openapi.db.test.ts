import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { signedInBuyer, signedInOperator, startTestApp, type TestAnswer, type TestApp } from "../../app/app.fixture.ts";
import { makeItem, makeProducts } from "../../testing/factories.ts";
import { stopClock } from "../../testing/stop-clock.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import { type OpenApiDocument, openApiDocument } from "./document.ts";

/** The routes of the app, as it makes them; those that only say 405 aside. */
async function routesOf(test: TestDatabase): Promise<Set<string>> {
  const routes: { method: string; url: string }[] = [];
  const onInitialization = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook("onRoute", ({ method, url }) => {
      for (const each of [method].flat()) routes.push({ method: each, url });
    });
  };
  subscribe("fastify.initialization", onInitialization);
  try {
    await using app = await startTestApp(test);
    const served = await Promise.all(
      routes.map(async ({ method, url }) => ({ method, url, status: (await app.send(url, { method })).status })),
    );
    return new Set(
      served
        .filter(({ method, status }) => method !== "HEAD" && status !== 405)
        .map(({ method, url }) => name(method, url)),
    );
  } finally {
    unsubscribe("fastify.initialization", onInitialization);
  }
}

/** Without the slash at the end, which is left to the caller. */
function name(method: string, url: string): string {
  return `${method.toUpperCase()} ${url.replace(/(?<=.)\/$/, "").replace(/:(\w+)/g, "{$1}")}`;
}

/** What is spoken to people, in tRPC, and in Prometheus' text. */
const NOT_REST = /^\w+ \/(docs|trpc|metrics)(\/|$)/;

describe("/openapi.json", () => {
  it("has each REST route of the shop, and no other", async () => {
    await using test = await createTestDatabase();
    const routes = await routesOf(test);
    const { paths } = openApiDocument();
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => name(method, path)),
    );
    expect([...routes].filter((route) => !NOT_REST.test(route)).sort()).toEqual(described.sort());
  });

  it("refers only to what it holds, names each operation once, and says what is answered", () => {
    const document = openApiDocument();
    const text = JSON.stringify(document);
    for (const [, reference = ""] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)) {
      expect(Object.keys(document.components.schemas)).toContain(reference);
    }
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { responses, tags } of operations) {
      expect(document.tags.map((tag) => tag.name)).toEqual(expect.arrayContaining([...tags]));
      for (const { description, content } of Object.values(responses)) {
        expect(description).not.toBe("");
        expect(Object.keys(content)).not.toEqual([]);
      }
    }
  });

  it("says what the shop really answers, status by status", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_PURCHASES_PER_SECOND: "1", LIMIT_PURCHASES_BURST: "9" });
    using _clock = stopClock();
    const document: OpenApiDocument = (await app.send("/openapi.json")).body;
    expect(document).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
    const seen: string[] = [];
    const check = (path: string, method: "get" | "post", answer: TestAnswer) => {
      seen.push(`${method} ${path} ${answer.status}`);
      expectDescribed(document, path, method, answer);
    };
    for (const { path, method, answer } of await askEverything(test, app)) check(path, method, answer);
    expect(seen).toEqual(
      expect.arrayContaining(["post /api/orders 202", "post /api/orders 429", "post /api/purchase/ 404"]),
    );
  });
});

describe("/docs", () => {
  it("is a page that needs no script and nothing from another origin", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const page = await app.send("/docs");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.text).not.toMatch(/<script|<style|\s(style|on\w+|src)=|@import/);
    const links = [...page.text.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => href);
    for (const href of new Set(links)) {
      if (href.startsWith("#")) expect(page.text).toContain(`id="${href.slice(1)}"`);
      // Of the page itself there is no build here.
      else if (href !== "/") expect({ href, status: (await app.send(href)).status }).toEqual({ href, status: 200 });
    }
    for (const path of Object.keys(openApiDocument().paths)) expect(page.text).toContain(path);
    expect((await app.send("/docs/docs.css")).headers.get("content-type")).toBe("text/css; charset=utf-8");
    expect((await app.send("/docs", { method: "POST" })).status).toBe(405);
  });
});

/** Calls that end in as many statuses as can be had without breaking anything. */
async function askEverything(test: TestDatabase, app: TestApp) {
  const { token } = await signedInBuyer(test, { balanceCents: 10_000 });
  const operator = await signedInOperator(test);
  const itemId = await makeItem(test.database, { stock: 1 });
  const [productId] = await makeProducts(test.database, [{ units: 5 }]);
  const key = (value: string) => ({ "idempotency-key": value });
  const calls: [path: string, method: "get" | "post", call: () => Promise<TestAnswer>][] = [];
  const post = (path: string, body: unknown, headers = {}, as: string | undefined = token) =>
    calls.push([path, "post", () => app.send(path, { method: "POST", body, headers, token: as })]);
  const get = (path: string, url = path, as: string | undefined = token) =>
    calls.push([path, "get", () => app.send(url, { token: as })]);

  post("/api/purchase/", { item_id: itemId }, key("a"));
  post("/api/purchase/", { item_id: itemId }, key("b"));
  post("/api/purchase/", { item_id: 999_999 }, key("c"));
  post("/api/purchase/", { item_id: 999_999 }, key("a"));
  post("/api/purchase/", {}, key("a"));
  post("/api/orders", { productId, quantity: 1 }, key("a"));
  post("/api/orders", { productId, quantity: 1 }, key("a"));
  post("/api/orders", { productId, quantity: 2 }, key("a"));
  post("/api/orders", { productId, quantity: 9 }, key("b"));
  post("/api/orders", { productId: 999_999, quantity: 9 }, key("b"));
  post("/api/orders", { customerId: crypto.randomUUID(), productId, quantity: 1 }, key("b"));
  post("/api/orders", { productId, quantity: 1 });
  post("/api/orders", { productId, quantity: 1 }, key("c"), "forged");
  post("/api/orders", "x", { ...key("c"), "content-type": "text/plain" });
  for (let more = 0; more < 3; more++) post("/api/orders", { productId, quantity: 1 }, key("a"));
  get("/api/orders/{id}", "/api/orders/1");
  get("/api/orders/{id}", "/api/orders/999999");
  get("/api/orders/{id}", "/api/orders/x");
  get("/api/orders/{id}", "/api/orders/1", "forged");
  post("/api/tasks", { taskId: "a", payload: { any: ["JSON"] } }, {}, operator.token);
  post("/api/tasks", { taskId: "a" }, {}, operator.token);
  post("/api/tasks", { taskId: "a b" }, {}, operator.token);
  post("/api/tasks", {});
  get("/api/tasks/{taskId}", "/api/tasks/a", operator.token);
  get("/api/tasks/{taskId}", "/api/tasks/b", operator.token);
  get("/api/tasks/{taskId}", "/api/tasks/a", "forged");
  const account = { email: "ada@example.com", password: "long enough" };
  post("/api/auth/sign-up/email", account);
  post("/api/auth/sign-up/email", account);
  post("/api/auth/sign-up/email", { ...account, password: "short" });
  post("/api/auth/sign-in/email", account);
  post("/api/auth/sign-in/email", { ...account, password: "something else" });
  get("/api/auth/get-session");
  get("/api/auth/get-session", "/api/auth/get-session", "forged");
  post("/api/auth/sign-out", {});
  get("/health/live");
  get("/health/ready");
  get("/openapi.json");
  const answers = [];
  for (const [path, method, call] of calls) answers.push({ path, method, answer: await call() });
  return answers;
}

/** Reads the answer by the schema that stands in the document. */
function expectDescribed(document: OpenApiDocument, path: string, method: "get" | "post", answer: TestAnswer): void {
  const type = answer.headers.get("content-type")?.split(";", 1)[0] ?? "";
  const what = `${method} ${path} ${answer.status} ${type} ${answer.text.slice(0, 300)}`;
  const described = document.paths[path]?.[method]?.responses[String(answer.status)]?.content[type];
  expect(described, what).toBeDefined();
  const schemas = JSON.parse(
    JSON.stringify(document.components.schemas).replaceAll("#/components/schemas/", "#/$defs/"),
  );
  const schema = JSON.parse(JSON.stringify(described?.schema).replaceAll("#/components/schemas/", "#/$defs/"));
  const parsed = z.fromJSONSchema({ ...schema, $defs: schemas }).safeParse(answer.body);
  expect(parsed.error?.issues ?? [], what).toEqual([]);
}
