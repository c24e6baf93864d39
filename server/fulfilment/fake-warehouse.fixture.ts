import type { BREAKER_STATES, DispatchBody, WarehouseAnswer } from "../../shared/warehouse.ts";
import {
  type KeyedCall,
  WarehouseBreakerOpenError,
  type WarehouseClient,
  WarehouseUnavailableError,
} from "../warehouse/client/warehouse-client.ts";

/** A warehouse in memory: like the real one it does what a key stands for once, and answers the same again. */
export class FakeWarehouse implements WarehouseClient {
  /** Units on hand, by product. */
  readonly onHand = new Map<number, number>();
  /** Every call that was sent, answered or not. */
  readonly calls: { operation: "dispatch" | "receive"; body: DispatchBody; call: KeyedCall }[] = [];
  readonly breaker: { state: (typeof BREAKER_STATES)[number]; opensInMs: number } = { state: "closed", opensInMs: 0 };
  /** Whether calls get no answer, before or after their work is done. */
  isDown: false | "before" | "after" = false;
  /** What each call waits for before its work. */
  gate: Promise<void> | undefined;
  readonly #answers = new Map<string, WarehouseAnswer>();

  dispatch(body: DispatchBody, call: KeyedCall) {
    return this.#ask("dispatch", body, call);
  }

  receive(body: DispatchBody, call: KeyedCall) {
    return this.#ask("receive", body, call);
  }

  stock(): never {
    throw new Error("not asked for in these tests");
  }

  updates(): never {
    throw new Error("not asked for in these tests");
  }

  taken(): never {
    throw new Error("not asked for in these tests");
  }

  chaos(): never {
    throw new Error("not asked for in these tests");
  }

  async close() {}

  async #ask(operation: "dispatch" | "receive", body: DispatchBody, call: KeyedCall): Promise<WarehouseAnswer> {
    if (this.breaker.state === "open") throw new WarehouseBreakerOpenError("the breaker is open");
    this.calls.push({ operation, body, call });
    if (this.isDown === "before") throw new WarehouseUnavailableError("no answer");
    await this.gate;
    const stored = this.#answers.get(call.key);
    const answer = stored ? { ...stored, replayed: true } : this.#decide(operation === "receive" ? 1 : -1, body);
    this.#answers.set(call.key, answer);
    if (this.isDown === "after") throw new WarehouseUnavailableError("no answer");
    return answer;
  }

  #decide(sign: 1 | -1, { reference, lines }: DispatchBody): WarehouseAnswer {
    const updates = lines.map(({ productId, quantity }) => {
      const previousStock = this.onHand.get(productId) ?? 0;
      return { productId, quantityChange: sign * quantity, previousStock, newStock: previousStock + sign * quantity };
    });
    const short = updates.filter(({ newStock }) => newStock < 0);
    if (short.length > 0) {
      return {
        outcome: "refused",
        code: short.every(({ productId }) => this.onHand.has(productId)) ? "SHORTAGE" : "UNKNOWN_PRODUCT",
        message: "It is not here.",
        products: short.map(({ productId, quantityChange, previousStock }) => {
          return { productId, requested: -quantityChange, available: previousStock };
        }),
        replayed: false,
      };
    }
    for (const { productId, newStock } of updates) this.onHand.set(productId, newStock);
    return { outcome: "done", reference, updates, replayed: false };
  }
}
