import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { PurchaseResult } from "../../shared/purchases.ts";
import type { Crowd, CrowdResult } from "../../shared/rehearsals.ts";
import { runCrowd } from "./crowd.ts";

const CALM: Crowd = {
  ...{ buyers: 10, seconds: 1, arrival: "rush", doubleClickPercent: 0, retries: 0 },
  ...{ lostAnswerPercent: 0, unitsEach: 1, bots: 0 },
};

const ITEMS = [
  { itemId: 1, units: 5 },
  { itemId: 2, units: 5 },
];

/** A shop with so many units, which decides each key once. */
class FakeShop {
  readonly keys = new Map<string, PurchaseResult>();
  asked = 0;

  #units: number;

  constructor(units: number) {
    this.#units = units;
  }

  answer(body: { itemId: number; quantity: number; idempotencyKey: string }): { status: number; body: object } {
    this.asked += 1;
    const { itemId, quantity, idempotencyKey } = body;
    const known = this.keys.get(idempotencyKey);
    const result: PurchaseResult = known ? { ...known, replayed: true } : this.decide(itemId, quantity);
    this.keys.set(idempotencyKey, result);
    return { status: 200, body: { result: { data: result } } };
  }

  decide(itemId: number, quantity: number): PurchaseResult {
    const replayed = false;
    if (this.#units < quantity) return { outcome: "refused", code: "OUT_OF_STOCK", message: "Gone.", replayed };
    this.#units -= quantity;
    const [purchaseId, amountCents, position] = [crypto.randomUUID(), quantity * 100, 1];
    return {
      outcome: "purchased",
      purchaseId,
      itemId,
      quantity,
      amountCents,
      balanceCents: 0,
      remaining: 0,
      position,
      replayed,
    };
  }
}

async function rehearse(shop: Pick<FakeShop, "answer">, temper: Partial<Crowd>): Promise<CrowdResult> {
  const server = createServer(async (request, response) => {
    const { status, body } = shop.answer(await bodyOf(request));
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const crowd = { ...CALM, ...temper };
  try {
    return await runCrowd({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      temper: crowd,
      credentials: Array.from({ length: crowd.buyers + crowd.bots }, (_, at) => `buyer${at}`),
      items: ITEMS,
      opensInMs: 0,
      endsAfterMs: 60_000,
    }).done;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function bodyOf(request: IncomingMessage) {
  let text = "";
  for await (const part of request) text += String(part);
  return JSON.parse(text);
}

test("each buyer clicks once, and hears what was decided", async () => {
  const shop = new FakeShop(6);
  const result = await rehearse(shop, {});
  expect(result).toMatchObject({ clicks: 10, requests: 10, purchased: 6, paidCents: 600, faults: {} });
  expect(result.refusals).toEqual({ OUT_OF_STOCK: 4 });
  expect(shop.keys.size).toBe(10);
});

test("a double click is two requests with one key, and one decision", async () => {
  const shop = new FakeShop(100);
  const result = await rehearse(shop, { doubleClickPercent: 100 });
  expect(result).toMatchObject({ clicks: 10, doubleClicks: 10, requests: 20, purchased: 10, contradictions: 0 });
  expect(shop.keys.size).toBe(10);
});

test("a shop that decides one key twice is found out", async () => {
  const twice = new FakeShop(100);
  const result = await rehearse(
    { answer: ({ itemId, quantity }) => ({ status: 200, body: { result: { data: twice.decide(itemId, quantity) } } }) },
    { doubleClickPercent: 100 },
  );
  expect(result).toMatchObject({ purchased: 10, contradictions: 10 });
});

test("a lost answer is asked for again with its key until it is known", async () => {
  const shop = new FakeShop(100);
  const result = await rehearse(shop, { buyers: 40, lostAnswerPercent: 50 });
  expect(result.lostAnswers).toBeGreaterThan(0);
  expect(result).toMatchObject({ purchased: 40, unresolved: 0 });
  expect(result.resolved).toBeGreaterThan(0);
  expect(shop.keys.size).toBe(40);
});

test("a shop that is crowded is asked again, and one that fails for good leaves its click open", async () => {
  const [crowded, shop] = [new Set<string>(), new FakeShop(100)];
  const fault = (status: number, reason: string) => ({
    status,
    body: { error: { data: { reason, retryAfterMs: 1 } } },
  });
  const first = await rehearse(
    {
      answer(body) {
        if (crowded.has(body.idempotencyKey)) return shop.answer(body);
        crowded.add(body.idempotencyKey);
        return fault(503, "OVERLOADED");
      },
    },
    {},
  );
  expect(first).toMatchObject({ purchased: 10, faults: { OVERLOADED: 10 }, unresolved: 0 });
  const broken = await rehearse({ answer: () => fault(500, "INTERNAL") }, {});
  expect(broken).toMatchObject({ purchased: 0, faults: { INTERNAL: 10 }, unresolved: 10 });
});

test("bots click on until there is nothing left, and who was refused tries again as often as the temper says", async () => {
  const result = await rehearse(new FakeShop(0), { retries: 1, bots: 2 });
  // Each item once.
  expect(result).toMatchObject({ clicks: 10 * 2 + 2 * 2, refusals: { OUT_OF_STOCK: 24 } });
});
