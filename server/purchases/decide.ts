import type { PurchaseResult, RefusalCode } from "../../shared/purchases.ts";
import { saleStatusAt } from "../sales/sale-status.ts";
import type { BuyRequest, DecidedAttempt, Facts, ItemFacts } from "./facts.ts";
import { refusalMessage } from "./refusal-message.ts";

/**
 * Decides a batch of requests, in their order of arrival. A pure function: what it reads is in `facts`,
 * what has to be written is in its answer, and the same input always gives the same output.
 *
 * The first of these that holds is the answer to a request:
 * the same key with the same input was decided before (replay) · KEY_REUSED · ITEM_NOT_FOUND · CUSTOMER_INACTIVE ·
 * SALE_CANCELLED · SALE_NOT_STARTED · SALE_ENDED · SALE_PAUSED · OUT_OF_STOCK · LIMIT_REACHED · INSUFFICIENT_BALANCE.
 *
 * Every decision is an attempt to be stored, except KEY_REUSED (the key's own attempt stands) and ITEM_NOT_FOUND.
 */
export function decide(facts: Facts, requests: readonly BuyRequest[]): Decision {
  const state = openState(facts);
  const results = requests.map((request) => decideOne(facts, state, request));
  return { results, attempts: state.attempts, balances: state.changedBalances, stock: state.changedStock };
}

/** What was asked: two requests with one key are the same when this text is the same. */
export function fingerprintOf(input: { itemId: number; quantity: number }): string {
  return `item=${input.itemId}&quantity=${input.quantity}`;
}

/** Identifies a key among those of all users, for maps. A key holds no space. */
export function scopedKey(userId: string, idempotencyKey: string): string {
  return `${userId} ${idempotencyKey}`;
}

/** Identifies what one user holds of one item, for maps. */
export function heldKey(userId: string, itemId: number): string {
  return `${userId} ${itemId}`;
}

function decideOne(facts: Facts, state: State, request: BuyRequest): PurchaseResult {
  const key = scopedKey(request.userId, request.idempotencyKey);
  const earlier = state.decided.get(key);
  if (earlier) {
    if (earlier.fingerprint === fingerprintOf(request)) return { ...earlier.result, replayed: true };
    return refusal("KEY_REUSED", facts, state, request);
  }
  const result = decideNew(facts, state, request);
  if (isStored(facts, request)) {
    state.decided.set(key, { fingerprint: fingerprintOf(request), result });
    state.attempts.push({ request, result });
  }
  return result;
}

function decideNew(facts: Facts, state: State, request: BuyRequest): PurchaseResult {
  const item = facts.items.get(request.itemId);
  const code = refusalCode(facts, state, request);
  if (code !== undefined || item === undefined) return refusal(code ?? "ITEM_NOT_FOUND", facts, state, request);

  const stock = stockOf(item, state);
  const sold = { remaining: stock.remaining - request.quantity, lastPosition: stock.lastPosition + 1 };
  const amountCents = item.priceCents * request.quantity;
  const balanceCents = balanceOf(facts, state, request.userId) - amountCents;
  state.changedStock.set(item.id, sold);
  state.changedBalances.set(request.userId, balanceCents);
  if (item.limitPerCustomer !== null) {
    state.changedHeld.set(heldKey(request.userId, item.id), heldBy(facts, state, request) + request.quantity);
  }
  return {
    outcome: "purchased",
    purchaseId: request.id,
    itemId: item.id,
    quantity: request.quantity,
    amountCents,
    balanceCents,
    remaining: sold.remaining,
    position: sold.lastPosition,
    replayed: false,
  };
}

function refusalCode(facts: Facts, state: State, request: BuyRequest): RefusalCode | undefined {
  const item = facts.items.get(request.itemId);
  if (!item) return "ITEM_NOT_FOUND";
  if (!facts.customers.get(request.userId)) return "CUSTOMER_INACTIVE";
  const status = saleStatusAt(item.sale, facts.nowMs);
  switch (status) {
    case "cancelled":
      return "SALE_CANCELLED";
    case "scheduled":
      return "SALE_NOT_STARTED";
    case "ended":
      return "SALE_ENDED";
    case "paused":
      return "SALE_PAUSED";
    case "live":
      break;
    default:
      return status satisfies never;
  }
  const { quantity, userId } = request;
  if (quantity > stockOf(item, state).remaining) return "OUT_OF_STOCK";
  const { limitPerCustomer: limit } = item;
  if (limit !== null && heldBy(facts, state, request) + quantity > limit) return "LIMIT_REACHED";
  if (item.priceCents * quantity > balanceOf(facts, state, userId)) return "INSUFFICIENT_BALANCE";
  return undefined;
}

function refusal(code: RefusalCode, facts: Facts, state: State, request: BuyRequest): PurchaseResult {
  const item = facts.items.get(request.itemId);
  const message = refusalMessage(code, {
    nowMs: facts.nowMs,
    quantity: request.quantity,
    item,
    remaining: item ? stockOf(item, state).remaining : 0,
    lastSoldAtMs: state.changedStock.has(request.itemId) ? facts.nowMs : (item?.lastSoldAtMs ?? null),
    held: heldBy(facts, state, request),
    balanceCents: balanceOf(facts, state, request.userId),
  });
  return { outcome: "refused", code, message, replayed: false };
}

function stockOf(item: ItemFacts, state: State): Stock {
  return state.changedStock.get(item.id) ?? item;
}

function balanceOf(facts: Facts, state: State, userId: string): number {
  return state.changedBalances.get(userId) ?? facts.balances.get(userId) ?? 0;
}

/** Units that count against the limit; not counted for an item without one. */
function heldBy(facts: Facts, state: State, { userId, itemId }: BuyRequest): number {
  if (facts.held.size === 0 && state.changedHeld.size === 0) return 0;
  const key = heldKey(userId, itemId);
  return state.changedHeld.get(key) ?? facts.held.get(key) ?? 0;
}

/** An attempt names its user and its item, so both have to exist. */
function isStored(facts: Facts, request: BuyRequest): boolean {
  return facts.items.has(request.itemId) && facts.customers.has(request.userId);
}

function openState(facts: Facts): State {
  return {
    decided: new Map(facts.decided),
    attempts: [],
    changedBalances: new Map(),
    changedStock: new Map(),
    changedHeld: new Map(),
  };
}

/** A row to be stored: a request and what it was answered. */
export interface NewAttempt {
  readonly request: BuyRequest;
  readonly result: PurchaseResult;
}

export interface Decision {
  /** One for each request, in the same order. */
  readonly results: PurchaseResult[];
  readonly attempts: NewAttempt[];
  /** New balances of the wallets that paid. */
  readonly balances: ReadonlyMap<string, number>;
  /** New stock of the items that were sold from. */
  readonly stock: ReadonlyMap<number, Stock>;
}

export interface Stock {
  readonly remaining: number;
  readonly lastPosition: number;
}

interface State {
  readonly decided: Map<string, DecidedAttempt>;
  readonly attempts: NewAttempt[];
  readonly changedBalances: Map<string, number>;
  readonly changedStock: Map<number, Stock>;
  readonly changedHeld: Map<string, number>;
}
