import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "../../testing/eventually.ts";
import { createTcpProxy } from "../../testing/tcp-proxy.ts";
import { createTestDatabase, type TestDatabase } from "../../testing/test-database.ts";
import {
  METRICS_TOKEN,
  meetAt,
  startTestWarehouse,
  type TestWarehouse,
  WAREHOUSE_SCHEMA,
  WAREHOUSE_SECRET,
} from "./warehouse.fixture.ts";

let test: TestDatabase;
let warehouse: TestWarehouse;

beforeAll(async () => {
  test = await createTestDatabase();
  warehouse = await startTestWarehouse(test);
  await warehouse.receive("goods", [
    [1, 100],
    [2, 50],
    [3, 7],
  ]);
});

afterAll(async () => {
  await warehouse.close();
  await test[Symbol.asyncDispose]();
});

describe("a caller without the secret", () => {
  it.each([
    ["no", null],
    ["an empty", ""],
    ["a wrong", "wrong"],
    ["a long", "x".repeat(10_000)],
    ["another", METRICS_TOKEN],
  ])("is told nothing for %s secret", async (_which, secret) => {
    for (const path of ["/inventory", "/inventory/updates", "/chaos", "/nothing", "/inventory/dispatch"]) {
      const { status, body } = await warehouse.send(path, { secret });
      expect([path, status, body.code]).toEqual([path, 401, "UNAUTHENTICATED"]);
    }
    for (const path of ["/inventory/dispatch", "/inventory/receive", "/chaos"]) {
      expect(await warehouse.send(path, { secret, body: {} })).toMatchObject({ status: 401 });
    }
    const lines = warehouse.logged().filter(({ security }) => security === "WAREHOUSE_REFUSED");
    expect(lines).toHaveLength(1);
  });

  it("may ask after the health", async () => {
    expect(await warehouse.send("/health/live", { secret: null })).toMatchObject({
      status: 200,
      body: { status: "live" },
    });
    expect(await warehouse.send("/health/ready", { secret: null })).toMatchObject({
      status: 200,
      body: { status: "ready", checks: { database: "ok" } },
    });
  });
});

describe("metrics", () => {
  it("are for those who show the token, and not for the shop's secret", async () => {
    const { status, headers, text } = await warehouse.send("/metrics", { secret: METRICS_TOKEN });
    expect(status).toBe(200);
    expect(headers.get("content-type")).toMatch("text/plain");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(text).toContain("process_cpu_seconds_total");
    expect(await warehouse.send("/metrics")).toMatchObject({ status: 401 });
  });

  it("are for nobody where there is no token", async () => {
    await using silent = await startTestWarehouse(test, { metricsToken: undefined });
    for (const secret of [null, "", "undefined", METRICS_TOKEN]) {
      expect(await silent.send("/metrics", { secret })).toMatchObject({ status: 401 });
    }
  });

  it("count answers, units, requests and stock", async () => {
    await using own = await startTestWarehouse(test);
    await own.receive("metrics-goods", [[70, 10]]);
    await own.dispatch("metrics-1", [[70, 4]]);
    await own.dispatch("metrics-1", [[70, 4]]);
    await own.dispatch("metrics-2", [[70, 400]]);
    const answers = "doorbuster_warehouse_answers_total";
    expect(await own.metric(`${answers}{operation="dispatch",outcome="done"}`)).toBe(1);
    expect(await own.metric(`${answers}{operation="dispatch",outcome="replayed"}`)).toBe(1);
    expect(await own.metric(`${answers}{operation="dispatch",outcome="shortage"}`)).toBe(1);
    expect(await own.metric(`${answers}{operation="receive",outcome="done"}`)).toBe(1);
    expect(await own.metric('doorbuster_warehouse_units_total{operation="dispatch"}')).toBe(4);
    expect(await own.metric('doorbuster_warehouse_stock_units{product_id="70",name="Product 70"}')).toBe(6);
    const requests = 'http_request_duration_seconds_count{method="POST",route="/inventory/dispatch"';
    expect(await own.metric(`${requests},status="200"}`)).toBe(2);
    expect(await own.metric(`${requests},status="409"}`)).toBe(1);
  });

  it("count batches, who waits, and who was held up", async () => {
    await using own = await startTestWarehouse(test);
    await own.receive("metrics-queue", [[71, 10]]);
    await meetAt(
      test,
      { productId: 71, waiting: 1 },
      () => Promise.all([own.dispatch("metrics-3", [[71, 1]]), own.dispatch("metrics-4", [[71, 1]])]),
      async () => {
        await eventually(
          "both were held up",
          async () => (await own.metric("doorbuster_warehouse_held_up_total")) === 2,
        );
        // The first of them has gone from the queue to the product's row, alone or with the other.
        expect([0, 1]).toContain(await own.metric("doorbuster_warehouse_waiting"));
        for (const n of [0, 1, 2]) void own.dispatch(`metrics-queue-${n}`, [[71, 1]]);
        await eventually(
          "three more were held up",
          async () => (await own.metric("doorbuster_warehouse_held_up_total")) === 5,
        );
        expect(await own.metric("doorbuster_warehouse_waiting")).toBeGreaterThanOrEqual(3);
      },
    );
    await eventually("nobody waits", async () => (await own.metric("doorbuster_warehouse_waiting")) === 0);
    // Held up they were in one batch, and settled in another.
    await eventually(
      "all were settled",
      async () => (await own.metric("doorbuster_warehouse_batch_size_sum")) === 2 * (2 + 3),
    );
  });
});

describe("hostile input", () => {
  const good = { reference: "order-1", lines: [{ productId: 1, quantity: 1 }] };
  const bodies: readonly unknown[] = [
    "null",
    "[]",
    '"text"',
    "1",
    "{",
    "NaN",
    `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
    '{"__proto__":{"reference":"x"},"lines":[]}',
    '{"reference":"a","lines":[{"productId":1e999,"quantity":1}]}',
    {},
    { ...good, lines: [] },
    { ...good, lines: Array.from({ length: 1_001 }, () => ({ productId: 1, quantity: 1 })) },
    { ...good, lines: "all" },
    { ...good, extra: true },
    { ...good, reference: "" },
    { ...good, reference: "a\r\nb" },
    { ...good, reference: "ä" },
    { ...good, reference: "x".repeat(256) },
    ...[0, -1, 1.5, "1", null, true, 2 ** 31, 2 ** 53, 1e308, [], {}].map((quantity) => ({
      ...good,
      lines: [{ productId: 1, quantity }],
    })),
    ...[0, -1, 1.5, "1", null, 2 ** 53, []].map((productId) => ({ ...good, lines: [{ productId, quantity: 1 }] })),
    { ...good, lines: [{ productId: 1, quantity: 1, priceCents: 1 }] },
  ];

  it("is refused as the caller's mistake, and nothing has changed", async () => {
    const before = await snapshot();
    for (const [index, body] of bodies.entries()) {
      for (const path of ["/inventory/dispatch", "/inventory/receive"]) {
        const answer = await warehouse.send(path, { headers: { "idempotency-key": `hostile-${index}` }, body });
        expect([answer.status, path, body]).toEqual([400, path, body]);
        expect(answer.body).toEqual({
          code: "INVALID_INPUT",
          message: expect.any(String),
          requestId: expect.any(String),
        });
        expect(answer.text).not.toMatch(/\bat .*\.ts/);
      }
    }
    for (const name of ["\u0000", "\ud800", "x".repeat(501), 1, null]) {
      const lines = [{ productId: 1, quantity: 1, name }];
      const answer = await warehouse.send("/inventory/receive", {
        headers: { "idempotency-key": "hostile-name" },
        body: { reference: "a", lines },
      });
      expect([answer.status, name]).toEqual([400, name]);
    }
    expect(await snapshot()).toEqual(before);
  });

  it("in the key is refused, and so is no key at all", async () => {
    for (const headers of [
      {},
      { "idempotency-key": "" },
      { "idempotency-key": "a b" },
      { "idempotency-key": "x".repeat(256) },
    ]) {
      expect(await warehouse.send("/inventory/dispatch", { headers, body: good })).toMatchObject({
        status: 400,
        body: { code: "INVALID_INPUT" },
      });
    }
  });

  it("in a query is refused", async () => {
    const queries = [
      "limit=0",
      "limit=1001",
      "limit=x",
      "limit=1&limit=2",
      "cursor=x",
      "cursor=",
      "search=%00",
      "extra=1",
    ];
    const more = [
      "limit=101",
      "productId=0",
      "productId=x",
      "afterId=-1",
      "afterId=99999999999999999999",
      "reference=a%20b",
    ];
    for (const query of queries) expect([query, await statusOf(`/inventory?${query}`)]).toEqual([query, 400]);
    for (const query of [...queries, ...more]) {
      expect([query, await statusOf(`/inventory/updates?${query}`)]).toEqual([query, 400]);
    }
  });

  it("that is too large, no JSON, or for an address that is not there, is answered in the same form", async () => {
    const send = (path: string, request: object) =>
      warehouse.send(path, { headers: { "idempotency-key": "k" }, ...request });
    expect(await send("/inventory/dispatch", { body: "x".repeat(2_000_000) })).toMatchObject({
      status: 413,
      body: { code: "TOO_LARGE" },
    });
    const text = { method: "POST", headers: { "content-type": "text/plain", "idempotency-key": "k" }, body: "x" };
    expect(await send("/inventory/dispatch", text)).toMatchObject({
      status: 415,
      body: { code: "UNSUPPORTED_MEDIA_TYPE" },
    });
    const json = { "content-type": "application/json; charset=latin1", "idempotency-key": "k" };
    expect(await send("/inventory/dispatch", { ...text, headers: json })).toMatchObject({ status: 415 });
    expect(await send("/inventory?limit=%e9", {})).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
    expect(await send("/nothing", {})).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    expect(await send("/inventory/%", {})).toMatchObject({ status: 400, body: { code: "INVALID_INPUT" } });
  });

  it("of bytes that are no request does not end the service", async () => {
    const socket = connect(Number(new URL(warehouse.url).port), "127.0.0.1");
    socket.end("\u0000\u0001 no request\r\n\r\n");
    await new Promise((resolve) => socket.resume().once("close", resolve));
    expect(await statusOf("/inventory")).toBe(200);
  });

  async function statusOf(path: string): Promise<number> {
    return (await warehouse.send(path)).status;
  }

  function snapshot() {
    return test.sql`
      select (select count(*) from ${test.sql(WAREHOUSE_SCHEMA)}.inventory_updates) as updates,
        (select count(*) from ${test.sql(WAREHOUSE_SCHEMA)}.idempotency_records) as records,
        (select sum(stock_quantity) from ${test.sql(WAREHOUSE_SCHEMA)}.products) as units`;
  }
});

describe("the log", () => {
  it("has a line for each request, with its id and its trace, and no secret", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    await warehouse.send("/inventory/dispatch", {
      headers: {
        "idempotency-key": "traced",
        traceparent: `00-${trace}-b7ad6b7169203331-01`,
        "x-request-id": "request-of-the-shop",
      },
      body: { reference: "order-7", lines: [{ productId: 1, quantity: 1 }] },
    });
    const line = await eventually("the line is there", () =>
      warehouse.logged().find(({ traceId }) => traceId === trace),
    );
    expect(line).toMatchObject({
      requestId: "request-of-the-shop",
      traceId: trace,
      method: "POST",
      path: "/inventory/dispatch",
      status: 200,
      msg: "request",
    });
    expect(JSON.stringify(warehouse.logged())).not.toContain("s3cr3t");
    const before = warehouse.logged().length;
    const { body } = await warehouse.send("/inventory/updates?reference=order-7");
    await warehouse.send("/inventory/taken", { body: { references: ["order-7"] } });
    await warehouse.send("/inventory/nothing");
    // Whoever only looked has no line, and lines are in order.
    const told = await eventually("the refusal is logged", () => {
      const lines = warehouse.logged().slice(before);
      return lines.some(({ path }) => path === "/inventory/nothing") && lines;
    });
    expect(told).toMatchObject([{ path: "/inventory/nothing", status: 404 }]);
    expect(body.items).toMatchObject([{ reference: "order-7", idempotencyKey: "traced", traceId: trace }]);
  });
});

describe("a service whose database is away", () => {
  it("answers 503 in its own words, and works again when it is back", async () => {
    await using proxy = await createTcpProxy(test.url);
    await using shaken = await startTestWarehouse(test, { databaseUrl: proxy.url, poolSize: 2 });
    await shaken.receive("goods-before", [[80, 10]]);
    proxy.refuse(true);
    proxy.cut();
    const [away, ...others] = await Promise.all([
      shaken.dispatch("while-away", [[80, 1]]),
      shaken.send("/health/ready", { secret: null }),
      shaken.send("/health/live", { secret: null }),
      shaken.send("/metrics", { secret: METRICS_TOKEN }),
    ]);
    expect(away).toMatchObject({
      status: 503,
      body: { code: "UNAVAILABLE", message: expect.any(String), requestId: expect.any(String) },
    });
    expect(others.map(({ status }) => status)).toEqual([503, 200, 200]);
    proxy.refuse(false);
    await eventually(
      "it dispatches again",
      async () => (await shaken.dispatch("while-away", [[80, 1]])).status === 200,
    );
    expect(await shaken.stockOf(80)).toBe(9);
  });

  it("says that it does not know when the connection ends in a commit, and the same key finds out", async () => {
    await using proxy = await createTcpProxy(test.url);
    await using shaken = await startTestWarehouse(test, { databaseUrl: proxy.url, poolSize: 2 });
    await shaken.receive("goods-of-unknown", [[81, 10]]);
    // With the spaces that push it out; "read committed" has none.
    proxy.loseAnswerTo("commit  ");
    const unknown = await shaken.dispatch("unknown", [[81, 1]]);
    expect(unknown).toMatchObject({ status: 503, body: { code: "OUTCOME_UNKNOWN" } });
    expect(await shaken.dispatch("unknown", [[81, 1]])).toMatchObject({ status: 200, body: { replayed: true } });
    expect(await shaken.stockOf(81)).toBe(9);
  });
});

describe("a service that closes", () => {
  it("finishes what is under way", async () => {
    const closing = await startTestWarehouse(test);
    let closed: Promise<void> | undefined;
    const answer = await meetAt(
      test,
      { productId: 2, waiting: 1 },
      () => closing.dispatch("while-closing", [[2, 1]]),
      () => {
        closed = closing.close();
      },
    );
    expect(answer).toMatchObject({ status: 200, body: { outcome: "done" } });
    await closed;
    await expect(closing.send("/health/live")).rejects.toThrow("fetch failed");
  });

  it("waits for a request that is still arriving before it lets go of the database", async () => {
    const closing = await startTestWarehouse(test);
    const body = JSON.stringify({ reference: "halves", lines: [{ productId: 2, quantity: 1 }] });
    const socket = connect(Number(new URL(closing.url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (bytes) => {
      answer += bytes;
    });
    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.write(
      `POST /inventory/dispatch HTTP/1.1\r\nHost: warehouse\r\nAuthorization: Bearer ${WAREHOUSE_SECRET}\r\n` +
        `Idempotency-Key: halves\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    );
    // Answered after what was sent before it has been read.
    await closing.send("/health/live");
    let isClosed = false;
    const closed = closing.close().then(() => {
      isClosed = true;
    });
    await eventually("nobody else is let in, or all is over", async () => isClosed || !(await isOpen(closing)));
    socket.write(body.slice(5));
    await closed;
    await ended;
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*"outcome":"done"/s);
  });
});

function isOpen({ send }: TestWarehouse): Promise<boolean> {
  return send("/health/live").then(
    () => true,
    () => false,
  );
}
