import type { OrderProblem } from "../../../../shared/orders.ts";
import { Button } from "../../components/button.tsx";
import { Written } from "../../components/written.tsx";
import { withoutProduct, withQuantity } from "./basket.ts";
import type { LineState } from "./line-states.ts";
import type { RefusedOrder } from "./order-flow.ts";
import { basketStore } from "./use-basket.ts";

/** The lines that an order failed for, by how much, and a button that mends each. */
export function OrderProblems({ problems, onMended }: { problems: readonly OrderProblem[]; onMended: () => void }) {
  if (problems.length === 0) return null;
  return (
    <ul aria-label="Lines that failed" className="mt-3 grid gap-3 border-t border-hot/30 pt-3">
      {problems.map((problem) => {
        const { productId, requested, available } = problem;
        const name = problem.productName ?? `Product ${productId}`;
        const isPartly = available > 0;
        return (
          <li key={productId}>
            <p className="font-semibold">
              <Written>{name}</Written>
            </p>
            <p className="figures">
              {requested} asked for, {isPartly ? `${available} there` : "none there"}:{" "}
              <span className="font-semibold text-hot">{requested - available} short</span>
            </p>
            <Button
              look="plain"
              className="mt-2 min-h-9 px-4 py-1"
              onClick={() => {
                basketStore.change((basket) =>
                  isPartly ? withQuantity(basket, productId, available) : withoutProduct(basket, productId),
                );
                onMended();
              }}
            >
              {isPartly ? `Set to ${available}` : "Remove"}
              <span className="sr-only">: {name}</span>
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

/** Those that the basket still has. */
export function openProblems({ problems }: RefusedOrder, states: readonly LineState[]): OrderProblem[] {
  const quantities = new Map(states.map(({ line }) => [line.productId, line.quantity]));
  return problems.filter(({ productId, available }) => (quantities.get(productId) ?? 0) > available);
}
