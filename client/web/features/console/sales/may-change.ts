import type { SaleStatus } from "../../../../../shared/sales.ts";

/** Why a part of a sale stays as it is, in words for its field; undefined where it may change. */
export interface MayChange {
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly prices: string | undefined;
  readonly stock: string | undefined;
  readonly limits: string | undefined;
  readonly lineUp: string | undefined;
}

/**
 * What may still be changed, as `docs/sales.md` has it. Names, texts, pictures and the order may at any time. The shop decides;
 * this is for whoever looks at the form before.
 */
export function mayChange(status: SaleStatus): MayChange {
  if (status === "scheduled") {
    return {
      start: undefined,
      end: undefined,
      prices: undefined,
      stock: undefined,
      limits: undefined,
      lineUp: undefined,
    };
  }
  if (status === "live" || status === "paused") {
    return {
      start: "The sale has started: its start can no longer change.",
      end: undefined,
      prices: "The sale has started: everybody pays the same.",
      stock: "The sale has started: use Add and Withdraw above.",
      limits: undefined,
      lineUp:
        "The sale has started: items can no longer be added or taken out. Withdraw the units of what should not sell any more.",
    };
  }
  const over = status === "cancelled" ? "The sale was cancelled" : "The sale is over";
  return {
    start: `${over}: it stands in the record as it was.`,
    end: `${over}, for good: what was left went back to the inventory.`,
    prices: `${over}: it stands in the record as it was.`,
    stock: `${over}: what was left went back to the inventory.`,
    limits: `${over}: nobody buys any more.`,
    lineUp: `${over}: it stands in the record as it was.`,
  };
}

/** How what may change only one way does, once the sale has started. */
export const ONE_WAY = {
  end: "The sale has started: it may only end later.",
  limits: "The sale has started: it may only be raised or removed.",
  codes: "The sale has started: it may only be opened to everybody, under its codes below.",
};
