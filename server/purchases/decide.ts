import type { PurchaseResult } from "../../shared/purchases.ts";
import { isKept, REFUSAL_CODES, type RefusalCode } from "../../shared/refusals.ts";
import { saleStatusAt } from "../sales/sale-status.ts";
import { type Asked, type ItemFacts, MESSAGES, messageOf, RULES } from "./refusals.ts";

/**
 * Decides a batch of requests, in their order of arrival. A pure function: what it reads is in `facts`,
 * what has to be written is in its answer, and the same input always gives the same output.
 *
 * A key that was decided before for the same input gets that answer again; else the first reason of `REFUSALS` that holds is
 * the answer.
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

/** Identifies a user in a sale: what they hold of all its items, and whether they are in. */
export function saleKey(userId: string, saleId: number): string {
  return `${userId} sale ${saleId}`;
}

function decideOne(facts: Facts, state: State, request: BuyRequest): PurchaseResult {
  const key = scopedKey(request.userId, request.idempotencyKey);
  const earlier = state.decided.get(key);
  if (earlier) {
    if (earlier.fingerprint === fingerprintOf(request)) return { ...earlier.result, replayed: true };
    return refused("KEY_REUSED", MESSAGES.KEY_REUSED);
  }
  const result = decideNew(facts, state, request);
  if (isStored(facts, request)) {
    state.decided.set(key, { fingerprint: fingerprintOf(request), result });
    state.attempts.push({ request, result });
  }
  return result;
}

function decideNew(facts: Facts, state: State, request: BuyRequest): PurchaseResult {
  const asked = askedOf(facts, state, request);
  if (!asked) return refused("ITEM_NOT_FOUND", MESSAGES.ITEM_NOT_FOUND);
  const code = KEPT_REFUSALS.find((code) => RULES[code](asked));
  if (code !== undefined) return refused(code, messageOf(code, asked));

  const { item, quantity } = asked;
  const sold = { remaining: asked.remaining - quantity, lastPosition: stockOf(item, state).lastPosition + 1 };
  const amountCents = item.priceCents * quantity;
  const balanceCents = asked.balanceCents - amountCents;
  state.changedStock.set(item.id, sold);
  state.changedBalances.set(request.userId, balanceCents);
  if (item.limitPerCustomer !== null) state.changedHeld.set(heldKey(request.userId, item.id), asked.held + quantity);
  const { saleId, saleLimit } = item.sale;
  if (saleLimit !== null) state.changedHeld.set(saleKey(request.userId, saleId), asked.heldOfSale + quantity);
  return {
    outcome: "purchased",
    purchaseId: request.id,
    itemId: item.id,
    quantity,
    amountCents,
    balanceCents,
    remaining: sold.remaining,
    position: sold.lastPosition,
    replayed: false,
  };
}

/** Undefined where there is no such item. */
function askedOf(facts: Facts, state: State, request: BuyRequest): Asked | undefined {
  const { nowMs } = facts;
  const { userId, itemId, quantity } = request;
  const item = facts.items.get(itemId);
  if (!item) return undefined;
  return {
    nowMs,
    quantity,
    item,
    saleStatus: saleStatusAt(item.sale, nowMs),
    isActive: facts.customers.get(userId) ?? false,
    remaining: stockOf(item, state).remaining,
    lastSoldAtMs: state.changedStock.has(itemId) ? nowMs : item.lastSoldAtMs,
    held: heldBy(facts, state, () => heldKey(userId, itemId)),
    heldOfSale: heldBy(facts, state, () => saleKey(userId, item.sale.saleId)),
    isAdmitted: !item.sale.needsAccessCode || facts.admitted.has(saleKey(userId, item.sale.saleId)),
    balanceCents: state.changedBalances.get(userId) ?? facts.balances.get(userId) ?? 0,
  };
}

function refused(code: RefusalCode, message: string): PurchaseResult {
  return { outcome: "refused", code, message, replayed: false };
}

const KEPT_REFUSALS = REFUSAL_CODES.filter(isKept);

function stockOf(item: ItemFacts, state: State): Stock {
  return state.changedStock.get(item.id) ?? item;
}

/** Units that count against a limit; not counted where there is none. */
function heldBy(facts: Facts, state: State, keyOf: () => string): number {
  if (facts.held.size === 0 && state.changedHeld.size === 0) return 0;
  const key = keyOf();
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

/** A request to buy, with the id that its attempt will have. */
export interface BuyRequest {
  readonly id: string;
  readonly userId: string;
  readonly itemId: number;
  /** Units, at least 1. */
  readonly quantity: number;
  readonly idempotencyKey: string;
}

/** Everything that the decision depends on, read under the locks. */
export interface Facts {
  /** The items that are asked for, by id; those that do not exist are absent. */
  readonly items: ReadonlyMap<number, ItemFacts>;
  /** The database's clock, read after the locks. */
  readonly nowMs: number;
  /** Whether each user who asks is active; users who do not exist are absent. */
  readonly customers: ReadonlyMap<string, boolean>;
  /** Balances of the locked wallets, by user. */
  readonly balances: ReadonlyMap<string, number>;
  /** Units that a user bought and still holds, by `heldKey` and `saleKey`; read only where there is a limit. */
  readonly held: ReadonlyMap<string, number>;
  /** Who has entered a code of a sale that needs one, by `saleKey`. */
  readonly admitted: ReadonlySet<string>;
  /** Attempts decided earlier with one of these keys, by `scopedKey`. */
  readonly decided: ReadonlyMap<string, DecidedAttempt>;
}

export interface DecidedAttempt {
  readonly fingerprint: string;
  readonly result: PurchaseResult;
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
