import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PurchaseResult } from "../../shared/purchases.ts";
import { isKept, type KeptRefusalCode, REFUSAL_CODES } from "../../shared/refusals.ts";
import type { BuyRequest, Facts } from "./decide.ts";
import { type Decision, decide, fingerprintOf, heldKey, saleKey, scopedKey } from "./decide.ts";
import type { ItemFacts } from "./refusals.ts";

const NOW_MS = 1_000_000;
const BUYERS = ["ada", "bob", "cy"];
const KEYS = ["k1", "k2", "k3", "k4"];
const LIVE = {
  ...{ startsAtMs: NOW_MS - 1_000, endsAtMs: NOW_MS + 1_000, pausedAtMs: null, cancelledAtMs: null },
  ...{ saleId: 1, saleLimit: null, needsAccessCode: false },
};

describe("decide, by properties", () => {
  it("decides a batch as if each request had been settled alone, one after the other", () => {
    fc.assert(
      fc.property(anyFacts(), anyRequests(), (facts, requests) => {
        const together = decide(facts, requests);
        let state = facts;
        const alone = requests.map((request) => {
          const decision = decide(state, [request]);
          state = applied(state, decision);
          return decision.results[0];
        });
        expect(together.results).toEqual(alone);
        expect(applied(facts, together)).toEqual(state);
      }),
    );
  });

  it("agrees with the rules written down a second time", () => {
    fc.assert(
      fc.property(anyFacts(), anyRequests(), (facts, requests) => {
        const outcomes = decide(facts, requests).results.map((result) =>
          result.outcome === "purchased" ? `purchased ${result.position}` : result.code,
        );
        expect(outcomes).toEqual(model(facts, requests));
      }),
    );
  });

  it("never oversells, overdraws or exceeds a limit, and every cent and unit is accounted for", () => {
    fc.assert(
      fc.property(anyFacts(), anyRequests(), (facts, requests) => {
        const { attempts, balances, stock } = decide(facts, requests);
        const sold = attempts.flatMap(({ request, result }) =>
          result.outcome === "purchased" ? [{ ...result, userId: request.userId }] : [],
        );
        for (const item of facts.items.values()) {
          const units = sum(sold.filter((one) => one.itemId === item.id).map((one) => one.quantity));
          const { remaining } = stock.get(item.id) ?? item;
          expect(remaining).toBe(item.remaining - units);
          expect(remaining).toBeGreaterThanOrEqual(0);
        }
        for (const [userId, balance] of balances) {
          const paid = sum(sold.filter((one) => one.userId === userId).map((one) => one.amountCents));
          expect(balance).toBe((facts.balances.get(userId) ?? 0) - paid);
          expect(balance).toBeGreaterThanOrEqual(0);
        }
        for (const [userId, item] of BUYERS.flatMap((buyer) =>
          [...facts.items.values()].map((one) => [buyer, one] as const),
        )) {
          const own = sold.filter((one) => one.userId === userId && one.itemId === item.id);
          const bought = sum(own.map((one) => one.quantity));
          const limit = item.limitPerCustomer ?? Number.POSITIVE_INFINITY;
          if (bought > 0) expect((facts.held.get(heldKey(userId, item.id)) ?? 0) + bought).toBeLessThanOrEqual(limit);
        }
        for (const [userId, { sale }] of BUYERS.flatMap((buyer) =>
          [...facts.items.values()].map((one) => [buyer, one] as const),
        )) {
          const own = sold.filter((one) => one.userId === userId && saleOf(facts, one.itemId) === sale.saleId);
          const bought = sum(own.map((one) => one.quantity));
          const before = facts.held.get(saleKey(userId, sale.saleId)) ?? 0;
          if (bought > 0) expect(before + bought).toBeLessThanOrEqual(sale.saleLimit ?? Number.POSITIVE_INFINITY);
        }
      }),
    );
  });

  it("numbers purchases without a gap and charges quantity times price", () => {
    fc.assert(
      fc.property(anyFacts(), anyRequests(), (facts, requests) => {
        const { results, stock } = decide(facts, requests);
        const fresh = results.filter((result) => result.outcome === "purchased").filter((result) => !result.replayed);
        for (const item of facts.items.values()) {
          const own = fresh.filter((result) => result.itemId === item.id);
          expect(own.map((result) => result.position)).toEqual(own.map((_, index) => item.lastPosition + 1 + index));
          for (const result of own) expect(result.amountCents).toBe(result.quantity * item.priceCents);
          expect(stock.get(item.id)?.lastPosition).toBe(own.at(-1)?.position);
        }
      }),
    );
  });

  it("answers a repeated batch with the same answers, replayed, and writes nothing", () => {
    fc.assert(
      fc.property(anyFacts({ itemsExist: true }), anyRequests(), (facts, requests) => {
        const first = decide(facts, requests);
        const again = decide(applied(facts, first), requests);
        expect(again.attempts).toEqual([]);
        expect(again.balances.size).toBe(0);
        expect(again.stock.size).toBe(0);
        for (const [index, result] of again.results.entries()) {
          const before = first.results[index];
          const isStored = facts.customers.has(requests[index]?.userId ?? "");
          if (!isStored || (result.outcome === "refused" && result.code === "KEY_REUSED")) continue;
          expect(result).toEqual({ ...before, replayed: true });
        }
      }),
    );
  });

  it("stores one attempt for each key that it decided, and none for a reused key or an unknown item", () => {
    fc.assert(
      fc.property(anyFacts(), anyRequests(), (facts, requests) => {
        const { attempts } = decide(facts, requests);
        const keys = attempts.map(({ request }) => scopedKey(request.userId, request.idempotencyKey));
        expect(new Set(keys).size).toBe(keys.length);
        for (const { result } of attempts) {
          expect(result.outcome === "refused" ? result.code : "").not.toMatch(/KEY_REUSED|ITEM_NOT_FOUND/);
        }
        for (const { request } of attempts) expect(facts.items.has(request.itemId)).toBe(true);
      }),
    );
  });
});

describe("decide, refusal by refusal", () => {
  const LIMITED = { ...LIVE, saleLimit: 1 };
  const CODED = { ...LIMITED, needsAccessCode: true };
  const held = new Map([
    ["ada 1", 1],
    ["ada sale 1", 1],
  ]);
  /** How each reason comes to hold; the compiler asks for one of every code. */
  const BROKEN: Record<KeptRefusalCode, [Partial<ItemFacts>, Partial<Facts>]> = {
    CUSTOMER_INACTIVE: [{}, { customers: new Map([["ada", false]]) }],
    SALE_CANCELLED: [{ sale: { ...CODED, cancelledAtMs: NOW_MS - 1, startsAtMs: NOW_MS + 1, pausedAtMs: 1 } }, {}],
    SALE_NOT_STARTED: [{ sale: { ...CODED, startsAtMs: NOW_MS + 1, pausedAtMs: 1 } }, {}],
    SALE_ENDED: [{ sale: { ...CODED, endsAtMs: NOW_MS, pausedAtMs: 1 } }, {}],
    SALE_PAUSED: [{ sale: { ...CODED, pausedAtMs: NOW_MS - 1 } }, {}],
    ACCESS_CODE_REQUIRED: [{ sale: CODED }, {}],
    OUT_OF_STOCK: [{ remaining: 0 }, {}],
    LIMIT_REACHED: [{ limitPerCustomer: 1 }, { held }],
    SALE_LIMIT_REACHED: [{ sale: LIMITED }, { held }],
    INSUFFICIENT_BALANCE: [{}, { balances: new Map([["ada", 0]]) }],
  };
  const inOrder = REFUSAL_CODES.filter(isKept);

  it.each(inOrder)("prefers %s to all later reasons, in the order of the table", (code) => {
    // Later reasons first, so that the sale of the earliest reason stands.
    const broken = inOrder
      .slice(inOrder.indexOf(code))
      .map((each) => BROKEN[each])
      .reverse();
    const item = Object.assign({}, anItem(), ...broken.map(([change]) => change));
    const facts = Object.assign({}, someFacts(), ...broken.map(([, change]) => change), { items: itemsOf(item) });
    expect(decide(facts, [aRequest()]).results[0]).toMatchObject({ outcome: "refused", code });
  });

  it("prefers a reused key to every other reason, and an unknown item to all but that", () => {
    const decided = new Map([[scopedKey("ada", "k1"), { fingerprint: "item=9&quantity=1", result: bought() }]]);
    const nothing = { ...someFacts(), items: new Map(), customers: new Map() };
    expect(decide({ ...nothing, decided }, [aRequest()]).results[0]).toMatchObject({ code: "KEY_REUSED" });
    expect(decide(nothing, [aRequest()]).results[0]).toMatchObject({ code: "ITEM_NOT_FOUND" });
  });

  it("replays a purchase even when nothing could be bought any more", () => {
    const decided = new Map([[scopedKey("ada", "k1"), { fingerprint: fingerprintOf(aRequest()), result: bought() }]]);
    const facts = { ...someFacts(), items: new Map(), customers: new Map(), decided };
    expect(decide(facts, [aRequest()]).results[0]).toEqual({ ...bought(), replayed: true });
  });

  it("sells in the first moment of a sale and refuses in its last", () => {
    const at = (nowMs: number) => decide({ ...someFacts(), nowMs }, [aRequest()]).results[0]?.outcome;
    expect(at(LIVE.startsAtMs)).toBe("purchased");
    expect(at(LIVE.startsAtMs - 0.001)).toBe("refused");
    expect(at(LIVE.endsAtMs - 0.001)).toBe("purchased");
    expect(at(LIVE.endsAtMs)).toBe("refused");
  });

  it("refuses a quantity that is not there, and still sells a smaller one after it", () => {
    const facts = { ...someFacts(), items: itemsOf({ ...anItem(), remaining: 2 }) };
    const { results } = decide(facts, [aRequest({ quantity: 3 }), aRequest({ quantity: 2, idempotencyKey: "k2" })]);
    expect(results[0]).toMatchObject({ code: "OUT_OF_STOCK", message: "Only 2 left, and you asked for 3." });
    expect(results[1]).toMatchObject({ outcome: "purchased", remaining: 0 });
  });

  it("tells a buyer who comes too late by how much", () => {
    const facts = { ...someFacts(), items: itemsOf({ ...anItem(), remaining: 0, lastSoldAtMs: NOW_MS - 400 }) };
    const [result] = decide(facts, [aRequest()]).results;
    expect(result).toMatchObject({ message: "Sold out. The last one went 0.4 seconds before your turn." });
  });

  it("does not store an attempt of a user who does not exist", () => {
    const { results, attempts } = decide({ ...someFacts(), customers: new Map() }, [aRequest()]);
    expect(results[0]).toMatchObject({ code: "CUSTOMER_INACTIVE" });
    expect(attempts).toEqual([]);
  });
});

/** The rules again, as plainly as they can be said; only the outcome and its position. */
function model(facts: Facts, requests: readonly BuyRequest[]): string[] {
  const { customers, nowMs } = facts;
  const seen = new Map(
    [...facts.decided].map(([key, { fingerprint, result }]) => [key, { fingerprint, said: saidOf(result) }]),
  );
  const wallet = new Map(facts.balances);
  const held = new Map(facts.held);
  const left = new Map([...facts.items.values()].map((item) => [item.id, item.remaining]));
  const position = new Map([...facts.items.values()].map((item) => [item.id, item.lastPosition]));
  return requests.map(({ userId, idempotencyKey, itemId, quantity }) => {
    const key = `${userId} ${idempotencyKey}`;
    const fingerprint = `item=${itemId}&quantity=${quantity}`;
    const item = facts.items.get(itemId);
    const has = (map: Map<unknown, number>, of: unknown) => map.get(of) ?? 0;
    const holds = `${userId} ${itemId}`;
    const holdsOfSale = `${userId} sale ${item?.sale.saleId}`;
    const before = seen.get(key);
    if (before) return before.fingerprint === fingerprint ? before.said : "KEY_REUSED";
    const say = () => {
      if (!item) return "ITEM_NOT_FOUND";
      if (customers.get(userId) !== true) return "CUSTOMER_INACTIVE";
      if (item.sale.cancelledAtMs !== null) return "SALE_CANCELLED";
      if (item.sale.startsAtMs > nowMs) return "SALE_NOT_STARTED";
      if (item.sale.endsAtMs <= nowMs) return "SALE_ENDED";
      if (item.sale.pausedAtMs !== null) return "SALE_PAUSED";
      if (item.sale.needsAccessCode && !facts.admitted.has(holdsOfSale)) return "ACCESS_CODE_REQUIRED";
      if (has(left, itemId) < quantity) return "OUT_OF_STOCK";
      if (item.limitPerCustomer !== null && has(held, holds) + quantity > item.limitPerCustomer) return "LIMIT_REACHED";
      const { saleLimit } = item.sale;
      if (saleLimit !== null && has(held, holdsOfSale) + quantity > saleLimit) return "SALE_LIMIT_REACHED";
      if (has(wallet, userId) < quantity * item.priceCents) return "INSUFFICIENT_BALANCE";
      left.set(itemId, has(left, itemId) - quantity);
      wallet.set(userId, has(wallet, userId) - quantity * item.priceCents);
      held.set(holds, has(held, holds) + quantity);
      held.set(holdsOfSale, has(held, holdsOfSale) + quantity);
      position.set(itemId, has(position, itemId) + 1);
      return `purchased ${has(position, itemId)}`;
    };
    const said = say();
    if (item && customers.has(userId)) seen.set(key, { fingerprint, said });
    return said;
  });
}

function saidOf(result: PurchaseResult): string {
  return result.outcome === "purchased" ? `purchased ${result.position}` : result.code;
}

/** The facts as they are once the decision is written. */
function applied(facts: Facts, decision: Decision): Facts {
  const held = new Map(facts.held);
  const decided = new Map(facts.decided);
  for (const { request, result } of decision.attempts) {
    decided.set(scopedKey(request.userId, request.idempotencyKey), { fingerprint: fingerprintOf(request), result });
    const ofSale = saleKey(request.userId, saleOf(facts, request.itemId));
    for (const holds of [heldKey(request.userId, request.itemId), ofSale]) {
      if (result.outcome === "purchased") held.set(holds, (held.get(holds) ?? 0) + result.quantity);
    }
  }
  const sold = [...decision.stock].map(([itemId, stock]) => ({
    ...(facts.items.get(itemId) ?? anItem()),
    ...stock,
    lastSoldAtMs: facts.nowMs,
  }));
  return {
    ...facts,
    items: itemsOf(...facts.items.values(), ...sold),
    balances: new Map([...facts.balances, ...decision.balances]),
    held,
    decided,
  };
}

function saleOf(facts: Facts, itemId: number): number {
  return facts.items.get(itemId)?.sale.saleId ?? 0;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function anyRequests(): fc.Arbitrary<BuyRequest[]> {
  const request = fc.record({
    userId: fc.constantFrom(...BUYERS),
    itemId: fc.constantFrom(1, 2),
    quantity: fc.integer({ min: 1, max: 4 }),
    idempotencyKey: fc.constantFrom(...KEYS),
  });
  return fc
    .array(request, { maxLength: 12 })
    .map((requests) => requests.map((one, index) => ({ ...one, id: `id-${index}` })));
}

function anyFacts({ itemsExist = false } = {}): fc.Arbitrary<Facts> {
  const item = fc.record({
    id: fc.constant(0),
    priceCents: fc.integer({ min: 1, max: 500 }),
    currency: fc.constant("EUR"),
    remaining: fc.integer({ min: 0, max: 10 }),
    limitPerCustomer: fc.option(fc.integer({ min: 1, max: 5 })),
    lastPosition: fc.integer({ min: 0, max: 5 }),
    lastSoldAtMs: fc.option(fc.integer({ min: NOW_MS - 10_000, max: NOW_MS })),
    sale: fc.record({
      startsAtMs: mostly(NOW_MS - 1_000, NOW_MS + 1_000),
      endsAtMs: mostly(NOW_MS + 1_000, NOW_MS),
      pausedAtMs: mostly(null, NOW_MS - 500),
      cancelledAtMs: mostly(null, NOW_MS - 500),
      saleId: fc.constantFrom(1, 2),
      saleLimit: fc.option(fc.integer({ min: 1, max: 5 })),
      needsAccessCode: mostly(false, true),
    }),
  });
  return fc.record({
    items: fc
      .tuple(item, item, itemsExist ? fc.constant(false) : mostly(false, true))
      .map(([first, second, isSecondMissing]) =>
        itemsOf({ ...first, id: 1 }, ...(isSecondMissing ? [] : [{ ...second, id: 2, sale: oneLimit(first, second) }])),
      ),
    nowMs: fc.constant(NOW_MS),
    customers: fc
      .tuple(...BUYERS.map(() => mostly<boolean | undefined>(true, false, undefined)))
      .map((active) => present<boolean>(active)),
    balances: fc
      .tuple(...BUYERS.map(() => fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined })))
      .map(present),
    held: fc.tuple(...BUYERS.map(() => fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }))).map(
      (units) =>
        new Map(
          [...present(units)].flatMap(([userId, count]) => [
            [heldKey(userId, 1), count],
            [saleKey(userId, 1), count],
          ]),
        ),
    ),
    admitted: fc.uniqueArray(fc.constantFrom(...BUYERS)).map((buyers) => new Set(buyers.map((one) => saleKey(one, 1)))),
    decided: fc
      .option(fc.constantFrom(...KEYS), { nil: undefined })
      .map(
        (key) => new Map(key ? [[scopedKey("ada", key), { fingerprint: "item=1&quantity=1", result: bought() }]] : []),
      ),
  });
}

/** A sale has one limit, whichever item it is asked for. */
function oneLimit({ sale: first }: ItemFacts, { sale }: ItemFacts): ItemFacts["sale"] {
  return sale.saleId === first.saleId ? { ...sale, saleLimit: first.saleLimit } : sale;
}

function mostly<T>(usual: T, ...others: T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 8, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
}

function present<T>(values: (T | undefined)[]): Map<string, T> {
  return new Map(BUYERS.flatMap((buyer, index) => (values[index] === undefined ? [] : [[buyer, values[index]]])));
}

function bought(): PurchaseResult {
  return {
    outcome: "purchased",
    purchaseId: "earlier",
    itemId: 1,
    quantity: 1,
    amountCents: 100,
    balanceCents: 900,
    remaining: 3,
    position: 2,
    replayed: false,
  };
}

function aRequest(change: Partial<BuyRequest> = {}): BuyRequest {
  return { id: "id", userId: "ada", itemId: 1, quantity: 1, idempotencyKey: "k1", ...change };
}

function someFacts(): Facts {
  return {
    items: itemsOf(anItem()),
    nowMs: NOW_MS,
    customers: new Map([["ada", true]]),
    balances: new Map([["ada", 1_000]]),
    held: new Map(),
    admitted: new Set(),
    decided: new Map(),
  };
}

function itemsOf(...items: ItemFacts[]): Map<number, ItemFacts> {
  return new Map(items.map((item) => [item.id, item]));
}

function anItem(): ItemFacts {
  return {
    id: 1,
    priceCents: 100,
    currency: "EUR",
    remaining: 10,
    limitPerCustomer: null,
    lastPosition: 0,
    lastSoldAtMs: null,
    sale: LIVE,
  };
}
