import type { PurchaseResult } from "../../shared/purchases.ts";
import type { DeskStats } from "../purchases/combine.ts";
import type { Desk } from "../purchases/desk.ts";
import type { BuyRequest } from "../purchases/facts.ts";
import { type Link, NotSettledThere } from "./link.ts";
import type { Mesh } from "./mesh.ts";

/**
 * The desk of one of several web processes: requests for one item meet at the desk of the process that owns it, so that
 * they are settled together.
 *
 *     buy ──▶ is the item ours? ── yes ──▶ own desk ──▶ answer
 *                  │ no                       ▲
 *                  └──▶ its owner's desk ─────┤ owner gone, silent or leaving
 *                             └──▶ answer
 *
 * Nothing depends on who settles: the item's row orders all desks, and a request that was settled twice, because an
 * answer got lost, finds its first decision by its key and is answered with it, `replayed: true`.
 */
export class SharedDesk implements Desk {
  readonly #own: Desk;
  readonly #mesh: Mesh;
  /** How many requests of each kind are under way elsewhere. */
  readonly #elsewhere = new Map<string, number>();
  #idle: (() => void) | undefined;

  constructor(own: Desk, mesh: Mesh) {
    this.#own = own;
    this.#mesh = mesh;
  }

  /** @throws what the own desk throws; Fault as the owner's desk throws it */
  buy(input: Omit<BuyRequest, "id">): Promise<PurchaseResult> {
    const owner = this.#mesh.linkFor(input.itemId);
    return owner ? this.#buyThere(owner, input) : this.#own.buy(input);
  }

  /** A repeat that came to another process joins it in line, but is not known here. */
  isWaiting(input: Omit<BuyRequest, "id">): boolean {
    return this.#elsewhere.has(intentOf(input)) || this.#own.isWaiting(input);
  }

  stats(): DeskStats {
    return this.#own.stats();
  }

  /** Settles everything at its own desk from now on, also for those who ask; to be called before the process stops. */
  leave(): void {
    this.#mesh.leave();
  }

  async close(): Promise<void> {
    this.leave();
    if (this.#elsewhere.size > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
      });
    }
    await this.#own.close();
    await this.#mesh.close();
  }

  async #buyThere(owner: Link, input: Omit<BuyRequest, "id">): Promise<PurchaseResult> {
    const intent = intentOf(input);
    this.#elsewhere.set(intent, (this.#elsewhere.get(intent) ?? 0) + 1);
    try {
      return await owner.ask(input);
    } catch (error) {
      if (!(error instanceof NotSettledThere)) throw error;
      return await this.#own.buy(input);
    } finally {
      const others = (this.#elsewhere.get(intent) ?? 1) - 1;
      if (others > 0) this.#elsewhere.set(intent, others);
      else this.#elsewhere.delete(intent);
      if (this.#elsewhere.size === 0) this.#idle?.();
    }
  }
}

function intentOf({ userId, idempotencyKey, itemId, quantity }: Omit<BuyRequest, "id">): string {
  return `${userId} ${idempotencyKey} ${itemId} ${quantity}`;
}
