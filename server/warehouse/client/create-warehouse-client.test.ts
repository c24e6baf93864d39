import { describe, expect, it } from "vitest";
import type { WarehouseAnswer } from "../../../shared/warehouse.ts";
import { TRY_MS_MAX } from "./call-policy.ts";
import { BREAKER_OPEN_MS } from "./circuit-breaker.ts";
import { createWarehouseClient } from "./create-warehouse-client.ts";
import { driveTime } from "./driven-time.fixture.ts";
import {
  broken,
  done,
  type FakeAnswer,
  type FakeWarehouse,
  refused,
  startFakeWarehouse,
} from "./fake-warehouse.fixture.ts";
import { RESERVE } from "./retry-budget.ts";
import {
  WarehouseBreakerOpenError,
  WarehouseCallError,
  type WarehouseClient,
  type WarehouseObserver,
  WarehouseUnavailableError,
} from "./warehouse-client.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const BODY = { reference: "order-12", lines: [{ productId: 1, quantity: 1 }] };

describe("the client of the warehouse", () => {
  it("sends the secret, the key and the trace, and answers what the warehouse decided", async () => {
    await using fake = await startFakeWarehouse(() => done("order-12"));
    await using client = open(fake);
    const answer = await client.dispatch(BODY, { key: "order-12", traceId: TRACE_ID });
    expect(answer).toEqual((done("order-12") as { body: WarehouseAnswer }).body);
    const [sent] = fake.requests;
    expect(sent).toMatchObject({ method: "POST", path: "/inventory/dispatch", body: JSON.stringify(BODY) });
    expect(sent?.headers).toMatchObject({
      authorization: "Bearer the secret",
      "idempotency-key": "order-12",
      "content-type": "application/json",
    });
    expect(sent?.headers.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
  });

  it("sends the same key on each try, after 1, 2 and 4 s, and gives up then", async () => {
    using time = driveTime();
    await using fake = await startFakeWarehouse(() => broken());
    await using client = open(fake);
    const call = client.dispatch(BODY, { key: "order-12", traceId: TRACE_ID });
    const failed = expect(call).rejects.toThrow(
      new WarehouseUnavailableError("The warehouse answered 503 BROKEN: Out of order."),
    );
    for (const [index, pauseMs] of [1_000, 2_000, 4_000].entries()) {
      await client.ended(index + 1);
      await time.pass(pauseMs - 1);
      expect(fake.requests).toHaveLength(index + 1);
      await time.pass(1);
    }
    await failed;
    expect(fake.requests.map(({ headers }) => headers["idempotency-key"])).toEqual(Array(4).fill("order-12"));
    expect(new Set(fake.requests.map(({ headers }) => headers.traceparent?.slice(0, 35)))).toEqual(
      new Set([`00-${TRACE_ID}`]),
    );
    expect(client.told.retries).toBe(3);
  });

  it("takes a try that is not answered in 5 s for failed, and asks again under the same key", async () => {
    using time = driveTime();
    await using fake = await startFakeWarehouse((_, index) => (index === 0 ? "silence" : done("order-12")));
    await using client = open(fake);
    const call = client.dispatch(BODY, { key: "order-12" });
    await fake.received(1);
    await time.pass(TRY_MS_MAX);
    await client.ended(1);
    await time.pass(1_000);
    expect(await call).toMatchObject({ outcome: "done" });
    expect(fake.requests.map(({ headers }) => headers["idempotency-key"])).toEqual(["order-12", "order-12"]);
    expect(client.told.outcomes).toEqual(["timeout", "done"]);
  });

  it("waits for a warehouse that is slow by 3 s", async () => {
    using time = driveTime();
    const gate = Promise.withResolvers<FakeAnswer>();
    await using fake = await startFakeWarehouse(() => gate.promise);
    await using client = open(fake);
    const call = client.dispatch(BODY, { key: "order-12" });
    await fake.received(1);
    await time.pass(3_000);
    gate.resolve(done("order-12"));
    expect(await call).toMatchObject({ outcome: "done" });
    expect(fake.requests).toHaveLength(1);
  });

  it.each([
    [409, "SHORTAGE"],
    [404, "UNKNOWN_PRODUCT"],
    [422, "KEY_REUSED"],
  ])("takes a refusal with %i for an answer: not retried, and no failure, a hundred times", async (status, code) => {
    await using fake = await startFakeWarehouse(() => refused(status, code));
    await using client = open(fake);
    for (let i = 0; i < 100; i++) {
      expect(await client.dispatch(BODY, { key: `order-${i}` })).toMatchObject({ outcome: "refused", code });
    }
    expect(fake.requests).toHaveLength(100);
    expect(client.breaker.state).toBe("closed");
    expect(new Set(client.told.outcomes)).toEqual(new Set(["refused"]));
  });

  it.each([400, 401, 403, 404, 413])(
    "throws %i at once, without retry, and leaves the breaker closed",
    async (status) => {
      await using fake = await startFakeWarehouse(() => ({
        status,
        body: { code: "NO", message: "Not like this.", requestId: "r" },
      }));
      await using client = open(fake);
      for (let i = 0; i < 20; i++) {
        const call = client.dispatch(BODY, { key: "order-12" });
        await expect(call).rejects.toThrow(WarehouseCallError);
        await expect(call).rejects.toMatchObject({ status, message: expect.stringContaining("Not like this.") });
      }
      expect(fake.requests).toHaveLength(20);
      expect(client.breaker.state).toBe("closed");
    },
  );

  it.each<[string, FakeAnswer]>([
    ["no JSON", { status: 200, body: "<html>" }],
    ["another shape", { status: 200, body: { outcome: "done" } }],
    ["a refusal with the wrong status", { status: 200, body: (refused(409, "SHORTAGE") as { body: unknown }).body }],
    ["a success with the status of a refusal", { status: 409, body: (done("k") as { body: unknown }).body }],
    ["a page of somebody else", { status: 302, body: "" }],
    ["a cut connection", "reset"],
  ])("takes %s for no answer", async (_, answer) => {
    using time = driveTime();
    await using fake = await startFakeWarehouse((_, index) => (index === 0 ? answer : done("order-12")));
    await using client = open(fake);
    const call = client.dispatch(BODY, { key: "order-12" });
    const result = call.catch((error: Error) => error);
    await client.ended(1);
    await time.pass(1_000);
    if (typeof answer === "object" && answer.status === 409) expect(await result).toBeInstanceOf(WarehouseCallError);
    else expect(await result).toMatchObject({ outcome: "done" });
  });

  it("ends the caller's waiting at once, in a try and between two, and sends nothing more", async () => {
    using time = driveTime();
    await using fake = await startFakeWarehouse(() => "silence");
    await using client = open(fake);
    const inTry = new AbortController();
    const first = client.dispatch(BODY, { key: "a", signal: inTry.signal });
    await fake.received(1);
    inTry.abort(new Error("enough"));
    await expect(first).rejects.toThrow("enough");

    fake.behave(() => broken());
    const inPause = new AbortController();
    const second = client.dispatch(BODY, { key: "b", signal: inPause.signal });
    await client.ended(1);
    inPause.abort(new Error("enough"));
    await expect(second).rejects.toThrow("enough");
    await expect(client.dispatch(BODY, { key: "c", signal: inPause.signal })).rejects.toThrow("enough");
    await time.pass(60_000);
    expect(fake.requests).toHaveLength(2);
  });

  it("says that nothing was sent only when nothing was", async () => {
    using time = driveTime();
    await using fake = await startFakeWarehouse(() => broken());
    await using client = open(fake);
    const early = client.dispatch(BODY, { key: "early" }).catch((error: Error) => error);
    await client.ended(1);
    for (let i = 1; i < 10; i++) {
      void client.dispatch(BODY, { key: `order-${i}` }).catch(() => {});
      await client.ended(i + 1);
    }
    expect(client.breaker.state).toBe("open");
    await time.pass(1_000);
    // It was sent once before the breaker opened, and may have had its effect.
    const error = await early;
    expect(error).toBeInstanceOf(WarehouseUnavailableError);
    expect(error).not.toBeInstanceOf(WarehouseBreakerOpenError);
    expect(error).toMatchObject({
      message: "The warehouse answered 503 BROKEN: Out of order.",
      cause: { name: "FailedTryError" },
    });
    await expect(client.dispatch(BODY, { key: "late" })).rejects.toThrow(WarehouseBreakerOpenError);
    expect(fake.requests).toHaveLength(10);
  });

  it("adds hardly a tenth to the load of a warehouse that fails for 30 s", async () => {
    using time = driveTime();
    // A quarter, which is too little for the breaker: every failure asks for three retries.
    await using fake = await startFakeWarehouse((_, index) => (index % 4 === 3 ? broken() : done("k")));
    await using client = open(fake);
    for (let calls = 1; calls <= 600; calls++) {
      void client.dispatch(BODY, { key: `order-${calls}` }).catch(() => {});
      await client.ended(calls + client.told.retries);
      await time.pass(50);
    }
    expect(client.breaker.state).toBe("closed");
    expect(client.told.retries).toBeGreaterThan(RESERVE);
    expect(client.told.retries).toBeLessThanOrEqual(RESERVE + 600 / 10);
  });

  it("leaves a warehouse that is down for 30 s almost alone, and finds out by itself that it is back", async () => {
    using time = driveTime();
    await using fake = await startFakeWarehouse(() => done("k"));
    await using client = open(fake, { asksByItself: true });
    for (let calls = 1; calls <= 100; calls++) await client.dispatch(BODY, { key: `order-${calls}` });
    fake.behave(() => "reset");
    for (let tick = 0; tick < 300; tick++) {
      const known = client.told.outcomes.length;
      void client.dispatch(BODY, { key: `down-${tick}` }).catch(() => {});
      await client.ended(known + 1);
      await time.pass(100);
    }
    expect(client.breaker.state).not.toBe("closed");
    const failed = client.told.outcomes.filter((outcome) => outcome === "error").length;
    // Those that opened the breaker, their retries at most, and one for every 10 s.
    expect(failed).toBeLessThanOrEqual(20 + RESERVE + 3);
    expect(client.told.retries).toBeLessThanOrEqual(RESERVE);

    fake.behave(() => ({ status: 200, body: { items: [], nextCursor: null } }));
    for (let passedMs = 0; passedMs <= BREAKER_OPEN_MS; passedMs += 1_000) {
      await time.pass(1_000);
      if (client.breaker.state === "half-open") await client.transitioned();
    }
    expect(client.breaker.state).toBe("closed");
    expect(fake.requests.at(-1)).toMatchObject({ method: "GET", path: "/inventory?limit=1" });
  });

  it("reads pages, and sends what they are asked for", async () => {
    const item = {
      productId: 1,
      name: "Lamp",
      description: "",
      priceCents: 1,
      stockQuantity: 5,
      updatedAt: "2026-01-01T00:00:00.000Z",
    };
    await using fake = await startFakeWarehouse(() => ({ status: 200, body: { items: [item], nextCursor: "x" } }));
    await using client = open(fake);
    expect(await client.stock({ limit: 7, search: "a&b", cursor: null })).toEqual({ items: [item], nextCursor: "x" });
    expect(fake.requests[0]?.path).toBe("/inventory?limit=7&search=a%26b");
    fake.behave(() => ({ status: 200, body: { items: [], nextCursor: null } }));
    await client.updates({ limit: 20, afterId: 0, productId: 3 });
    expect(fake.requests[1]?.path).toBe("/inventory/updates?limit=20&afterId=0&productId=3");
  });

  it("switches faults past the breaker, and says when they are not allowed", async () => {
    using _ = driveTime();
    await using fake = await startFakeWarehouse(() => broken());
    await using client = open(fake);
    for (let i = 0; i < 10; i++) {
      void client.dispatch(BODY, { key: `order-${i}` }).catch(() => {});
      await client.ended(i + 1);
    }
    expect(client.breaker.state).toBe("open");
    await expect(client.chaos(undefined)).rejects.toThrow(WarehouseUnavailableError);
    const state = { allowed: ["errors"], active: [] };
    fake.behave(() => ({ status: 200, body: state }));
    expect(await client.chaos({ action: "stop" })).toEqual(state);
    expect(fake.requests.at(-1)).toMatchObject({ method: "POST", path: "/chaos", body: '{"action":"stop"}' });
    fake.behave(() => ({ status: 403, body: { code: "FORBIDDEN", message: "Not here.", requestId: "r" } }));
    await expect(client.chaos({ action: "stop" })).rejects.toMatchObject({ name: "WarehouseCallError", status: 403 });
  });

  it("ends all that wait when it is closed, and sends nothing afterwards", async () => {
    await using fake = await startFakeWarehouse(() => "silence");
    await using client = open(fake);
    const call = client.dispatch(BODY, { key: "a" });
    await fake.received(1);
    const ended = expect(call).rejects.toThrow("was closed");
    await client.close();
    await ended;
    await expect(client.dispatch(BODY, { key: "b" })).rejects.toThrow("was closed");
    // What a client that is open sends later comes in, and nothing of the closed one before it.
    fake.behave(() => done("c"));
    await using other = open(fake);
    await other.dispatch(BODY, { key: "c" });
    expect(fake.requests.map(({ headers }) => headers["idempotency-key"])).toEqual(["a", "c"]);
  });
});

interface OpenClient extends WarehouseClient, AsyncDisposable {
  /** The outcomes of the tries that ended so far, and of the calls that met an open breaker. */
  readonly told: { outcomes: string[]; retries: number };
  /** Resolves when there are that many outcomes, and what follows from the last one is under way. */
  ended(count: number): Promise<void>;
  /** Resolves when the breaker changes its state. */
  transitioned(): Promise<void>;
}

/** A client without chance and, unless asked for, without calls of its own. */
function open({ url }: FakeWarehouse, { asksByItself = false } = {}): OpenClient {
  const told = { outcomes: [] as string[], retries: 0 };
  const waiting = new Set<{ count: number; resolve: () => void }>();
  let next = Promise.withResolvers<void>();
  const look = () => {
    for (const { count, resolve } of waiting) if (told.outcomes.length >= count) setImmediate(resolve);
  };
  const observer: WarehouseObserver = {
    tried(_, outcome) {
      told.outcomes.push(outcome);
      look();
    },
    retried: () => void told.retries++,
    transitioned() {
      next.resolve();
      next = Promise.withResolvers();
    },
  };
  const client = createWarehouseClient({ url, secret: "the secret", observer, random: () => 0.5, asksByItself });
  return Object.assign(client, {
    told,
    ended(count: number) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.add({ count, resolve });
      look();
      return promise;
    },
    transitioned: () => next.promise,
    [Symbol.asyncDispose]: () => client.close(),
  });
}
