import { execFile } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { FastifyInstance } from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { FAULT_MEANINGS } from "../../../shared/fault-meanings.ts";
import { REFUSAL_CODES } from "../../../shared/refusals.ts";
import { signedInBuyer, signedInOperator, startTestApp, type TestAnswer, type TestApp } from "../../app/app.fixture.ts";
import { makeItem, makeProducts } from "../../testing/factories.ts";
import { stopClock } from "../../testing/stop-clock.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";

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

/** What is shown to people, spoken in tRPC, or in Prometheus' text. */
const NOT_REST = /^\w+ \/(docs|trpc|metrics|pictures)(\/|$)/;

describe("/openapi.json", () => {
  it("has each REST route of the shop, and no other", async () => {
    await using test = await createTestDatabase();
    const routes = await routesOf(test);
    const { paths } = await documentOf(test);
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => name(method, path)),
    );
    expect([...routes].filter((route) => !NOT_REST.test(route)).sort()).toEqual(described.sort());
  });

  it("is clean under Redocly's linter, its warnings included", async () => {
    await using test = await createTestDatabase();
    const folder = await mkdtemp(join(tmpdir(), "doorbuster-openapi-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "openapi.json");
    await writeFile(file, JSON.stringify(await documentOf(test)));
    const redocly = join(import.meta.dirname, "../../../node_modules/@redocly/cli/bin/cli.js");
    // The slash at the end of /api/purchase/ was promised, and is left to the caller.
    const options = ["--extends=recommended-strict", "--skip-rule=no-path-trailing-slash", "--format=stylish"];
    const env = { ...process.env, REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
    const linted = promisify(execFile)(process.execPath, [redocly, "lint", file, ...options], { env });
    const found = ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr;
    expect(await linted.then(() => "clean", found)).toBe("clean");
  });

  it("says of the purchase what it needs, and each refusal and fault with what can be done", async () => {
    await using test = await createTestDatabase();
    const buy = (await documentOf(test)).paths["/api/purchase/"]?.post;
    expect(buy).toMatchObject({
      security: [{ bearer: [] }, { cookie: [] }],
      parameters: [{ in: "header", name: "Idempotency-Key", required: true }],
      requestBody: { required: true },
    });
    const says = Object.values(buy?.responses ?? {}).map(({ description }) => description);
    for (const code of REFUSAL_CODES) expect(says.join(" ")).toContain(`\`${code}\``);
    expect(buy?.responses[409]?.description).toBe(`\`LOCK_TIMEOUT\`: ${FAULT_MEANINGS.LOCK_TIMEOUT}`);
    expect(buy?.responses[503]).toMatchObject({ headers: { "Retry-After": {} } });
    expect(buy?.responses[200]).toMatchObject({ headers: { "Idempotency-Replayed": {} } });
  });

  it("says what the shop really answers, status by status", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test, { LIMIT_PURCHASES_PER_SECOND: "1", LIMIT_PURCHASES_BURST: "9" });
    using _clock = stopClock();
    const document: Document = (await app.send("/openapi.json")).body;
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
  it("is a page with all that it names, compressed, and nothing from another origin", async () => {
    await using test = await createTestDatabase();
    await using app = await startTestApp(test);
    const page = await app.send("/docs");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(page.headers.get("content-security-policy")).toContain("style-src 'self'");
    const addresses = [...page.text.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, address = ""]) => address);
    expect(addresses).toEqual(expect.arrayContaining(["/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"]));
    // Of the shop's page, whose picture it shows, there is no build here.
    for (const address of addresses.filter((each) => each !== "/favicon.svg")) {
      const { status, headers } = await app.send(address, { headers: { "accept-encoding": "gzip" } });
      expect({ address, status, is: headers.get("content-encoding") }).toEqual({ address, status: 200, is: "gzip" });
    }
    expect((await app.send("/docs", { method: "POST" })).status).toBe(405);
  });
});

/** As far as it is looked at here. */
interface Document {
  readonly paths: Record<string, Partial<Record<"get" | "post", Described>>>;
  readonly components: { readonly schemas: object };
}

interface Described {
  readonly responses: Record<string, { description: string; content: Record<string, { schema: object }> }>;
}

async function documentOf(test: TestDatabase): Promise<Document> {
  await using app = await startTestApp(test);
  return (await app.send("/openapi.json")).body;
}

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
function expectDescribed(document: Document, path: string, method: "get" | "post", answer: TestAnswer): void {
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
