import type { DispatchBody, StockChanged, WarehouseAnswer, WarehouseRefused } from "../../../shared/warehouse.ts";
import { answerAgain, type KeyedRequest, type StoredAnswer } from "./records.ts";

export interface DispatchRequest extends KeyedRequest {
  readonly body: DispatchBody;
}

/**
 * Decides about dispatches one after the other, each on what those before it left: pure, so that every case can be tried
 * without a database. A key that comes twice is decided once.
 *
 * @param records what is stored under keys
 * @param stock units on hand of the known products among those asked for, as they are while their rows are locked
 */
export function decideDispatches(
  requests: readonly DispatchRequest[],
  records: ReadonlyMap<string, StoredAnswer>,
  stock: ReadonlyMap<number, number>,
): DispatchDecision {
  const known = new Map(records);
  const left = new Map(stock);
  const newStock = new Map<number, number>();
  const decided: DecidedDispatch[] = [];
  const answers = requests.map((request) => {
    const { key, fingerprint, body } = request;
    const stored = known.get(key);
    if (stored) return answerAgain(request, stored);
    const answer = decideDispatch(body, left);
    known.set(key, { fingerprint, answer });
    decided.push({ request, answer });
    for (const update of answer.outcome === "done" ? answer.updates : []) {
      left.set(update.productId, update.newStock);
      newStock.set(update.productId, update.newStock);
    }
    return answer;
  });
  return { answers, decided, newStock };
}

export interface DispatchDecision {
  /** In the order of the requests. */
  readonly answers: WarehouseAnswer[];
  /** Those that were decided just now, and are to be stored. */
  readonly decided: readonly DecidedDispatch[];
  /** Units on hand afterwards, of products that have changed. */
  readonly newStock: ReadonlyMap<number, number>;
}

export interface DecidedDispatch {
  readonly request: DispatchRequest;
  readonly answer: StockChanged | WarehouseRefused;
}

/**
 * Decides about one dispatch, all or nothing.
 *
 * @param stock units on hand of the known products among those asked for, as they are while their rows are locked
 * @returns the changes in the order of products, one for each, however many lines it had
 */
export function decideDispatch(
  body: DispatchBody,
  stock: ReadonlyMap<number, number>,
): StockChanged | WarehouseRefused {
  const demand = unitsByProduct(body.lines);
  const unknown = [...demand].filter(([productId]) => !stock.has(productId));
  if (unknown.length > 0) {
    return refusal("UNKNOWN_PRODUCT", `The warehouse does not know ${namesOf(unknown)}.`, unknown, stock);
  }
  const short = [...demand].filter(([productId, quantity]) => (stock.get(productId) ?? 0) < quantity);
  if (short.length > 0) {
    return refusal("SHORTAGE", `The warehouse has too few units of ${namesOf(short)}.`, short, stock);
  }
  const updates = [...demand].map(([productId, quantity]) => {
    const previousStock = stock.get(productId) ?? 0;
    return { productId, quantityChange: -quantity, previousStock, newStock: previousStock - quantity };
  });
  return { outcome: "done", reference: body.reference, updates, replayed: false };
}

/** The units of each product, summed over its lines, in the order of products. */
export function unitsByProduct(lines: readonly { productId: number; quantity: number }[]): Map<number, number> {
  const units = new Map<number, number>();
  for (const { productId, quantity } of lines.toSorted((a, b) => a.productId - b.productId)) {
    units.set(productId, (units.get(productId) ?? 0) + quantity);
  }
  return units;
}

type Demand = readonly [productId: number, quantity: number];

function refusal(
  code: WarehouseRefused["code"],
  message: string,
  demands: readonly Demand[],
  stock: ReadonlyMap<number, number>,
): WarehouseRefused {
  const products = demands.map(([productId, requested]) => ({
    productId,
    requested,
    available: stock.get(productId) ?? 0,
  }));
  return { outcome: "refused", code, message, products, replayed: false };
}

/** A sentence names a few; the answer lists them all. */
function namesOf(demands: readonly Demand[]): string {
  const named = demands.slice(0, NAMED_MAX).map(([productId]) => productId);
  const more = demands.length - named.length;
  const word = demands.length === 1 ? "product" : "products";
  return `${word} ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

const NAMED_MAX = 5;
