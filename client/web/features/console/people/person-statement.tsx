import { useInfiniteQuery } from "@tanstack/react-query";
import type { MovementKind } from "../../../../../shared/wallets.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { Money } from "../../../components/money.tsx";
import { When } from "../../../components/when.tsx";
import { Found, Panel } from "../panel.tsx";
import { personStatementQuery } from "./people-queries.ts";

/** Every movement of the wallet with the balance after it: the same that its owner sees. */
export function PersonStatement({ userId }: { userId: string }) {
  const query = useInfiniteQuery(personStatementQuery(userId));
  return (
    <Panel title="Movements of the wallet">
      <Found query={query} what="the statement">
        {({ pages }) => {
          const movements = pages.flatMap(({ items }) => items);
          if (movements.length === 0) return <p className="text-muted">Nothing has moved yet.</p>;
          return (
            <>
              <table aria-label="Movements" className="w-full text-left">
                <thead className="text-sm text-muted">
                  <tr className="border-b-2 border-ink">
                    <th scope="col" className="py-2 pr-3 font-semibold">
                      What
                    </th>
                    <th scope="col" className="py-2 pr-3 text-right font-semibold">
                      Amount
                    </th>
                    <th scope="col" className="py-2 text-right font-semibold">
                      Balance
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {movements.map(({ id, kind, description, movedAt, amountCents, balanceCents, currency }) => (
                    <tr key={id} className="border-b border-line align-baseline">
                      <th scope="row" className="py-2 pr-3 font-normal">
                        <span className="font-semibold">{KINDS[kind]}</span>
                        <span className="block text-sm wrap-anywhere text-muted">{description}</span>
                        <span className="block text-sm text-muted">
                          <When at={movedAt} />
                        </span>
                      </th>
                      <td className={`py-2 pr-3 text-right font-semibold ${amountCents > 0 ? "text-good" : ""}`}>
                        <Money cents={amountCents} currency={currency} signed />
                      </td>
                      <td className="py-2 text-right">
                        <Money cents={balanceCents} currency={currency} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              <LoadMore query={query} />
            </>
          );
        }}
      </Found>
    </Panel>
  );
}

const KINDS: Record<MovementKind, string> = {
  purchase: "Purchase",
  refund: "Refund",
  opening: "Opening balance",
  top_up: "Top-up",
  credit: "Credit",
  order: "Order",
  order_refund: "Order refund",
};
