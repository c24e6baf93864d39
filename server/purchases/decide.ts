import type { PurchaseResult, RefusalCode } from "../../shared/purchases.ts";
import { saleStatusAt } from "../sales/sale-status.ts";
import type { BuyRequest, DecidedAttempt, Facts } from "./facts.ts";
import { refusalMessage } from "./refusal-message.ts";

/**
 * Decides a batch of requests for one item, in their order of arrival. A pure function: what it reads is in `facts`,
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
  return {
    results,
    attempts: state.attempts,
    balances: state.changedBalances,
    stock: state.sold ? { remaining: state.remaining, lastPosition: state.lastPosition } : undefined,
  };
}

/** One line of SQL keeps what was asked: two requests with one key are the same when this text is the same. */
export function fingerprintOf(input: { itemId: number; quantity: number }): string {
  return `item=${input.itemId}&quantity=${input.quantity}`;
}

/** Identifies a key among those of all users, for maps. A key holds no space. */
export function scopedKey(userId: string, idempotencyKey: string): string {
  return `${userId} ${idempotencyKey}`;
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
  const { item } = facts;
  const code = refusalCode(facts, state, request);
  if (code !== undefined || item === undefined) return refusal(code ?? "ITEM_NOT_FOUND", facts, state, request);

  const amountCents = item.priceCents * request.quantity;
  const balanceCents = (state.balances.get(request.userId) ?? 0) - amountCents;
  state.remaining -= request.quantity;
  state.lastPosition += 1;
  state.sold = true;
  state.balances.set(request.userId, balanceCents);
  state.changedBalances.set(request.userId, balanceCents);
  state.held.set(request.userId, (state.held.get(request.userId) ?? 0) + request.quantity);
  return {
    outcome: "purchased",
    purchaseId: request.id,
    itemId: item.id,
    quantity: request.quantity,
    amountCents,
    balanceCents,
    remaining: state.remaining,
    position: state.lastPosition,
    replayed: false,
  };
}

function refusalCode(facts: Facts, state: State, request: BuyRequest): RefusalCode | undefined {
  const { item } = facts;
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
  if (request.quantity > state.remaining) return "OUT_OF_STOCK";
  const held = state.held.get(request.userId) ?? 0;
  if (item.limitPerCustomer !== null && held + request.quantity > item.limitPerCustomer) return "LIMIT_REACHED";
  if (item.priceCents * request.quantity > (state.balances.get(request.userId) ?? 0)) return "INSUFFICIENT_BALANCE";
  return undefined;
}

function refusal(code: RefusalCode, facts: Facts, state: State, request: BuyRequest): PurchaseResult {
  const message = refusalMessage(code, {
    nowMs: facts.nowMs,
    quantity: request.quantity,
    item: facts.item,
    remaining: state.remaining,
    lastSoldAtMs: state.sold ? facts.nowMs : (facts.item?.lastSoldAtMs ?? null),
    held: state.held.get(request.userId) ?? 0,
    balanceCents: state.balances.get(request.userId) ?? 0,
  });
  return { outcome: "refused", code, message, replayed: false };
}

/** An attempt names its user and its item, so both have to exist. */
function isStored(facts: Facts, request: BuyRequest): boolean {
  return facts.item !== undefined && facts.customers.has(request.userId);
}

function openState(facts: Facts): State {
  return {
    remaining: facts.item?.remaining ?? 0,
    lastPosition: facts.item?.lastPosition ?? 0,
    sold: false,
    balances: new Map(facts.balances),
    changedBalances: new Map(),
    held: new Map(facts.held),
    decided: new Map(facts.decided),
    attempts: [],
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
  /** The item's new stock; undefined when nothing was sold. */
  readonly stock: { readonly remaining: number; readonly lastPosition: number } | undefined;
}

interface State {
  remaining: number;
  lastPosition: number;
  sold: boolean;
  readonly balances: Map<string, number>;
  readonly changedBalances: Map<string, number>;
  readonly held: Map<string, number>;
  readonly decided: Map<string, DecidedAttempt>;
  readonly attempts: NewAttempt[];
}
