import { useInfiniteQuery } from "@tanstack/react-query";
import type { MovementKind } from "../../../../shared/wallets.ts";
import { movementsQuery } from "../../app/queries.ts";
import { LoadFailure } from "../../components/load-failure.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { Money } from "../../components/money.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { When } from "../../components/when.tsx";
import { Written } from "../../components/written.tsx";

/** Every movement of the wallet, newest first, with the balance after each. */
export function Statement() {
  const query = useInfiniteQuery(movementsQuery);
  if (query.isPending) return <Skeleton className="h-64 w-full" />;
  if (query.isError && !query.data)
    return <LoadFailure what="The statement" error={query.error} onRetry={() => void query.refetch()} />;
  const movements = query.data.pages.flatMap(({ items }) => items);
  if (movements.length === 0) return <p className="py-8 text-muted">Nothing has moved yet.</p>;
  return (
    <>
      <div className="overflow-x-auto">
        <table aria-label="Statement" className="w-full text-left">
          <thead className="text-sm text-muted">
            <tr className="border-b-2 border-ink">
              <th scope="col" className="hidden py-2.5 pr-4 font-semibold sm:table-cell">
                When
              </th>
              <th scope="col" className="py-2.5 pr-4 font-semibold">
                What
              </th>
              <th scope="col" className="py-2.5 pr-4 text-right font-semibold">
                Amount
              </th>
              <th scope="col" className="py-2.5 text-right font-semibold">
                Balance
              </th>
            </tr>
          </thead>
          <tbody>
            {movements.map((movement) => (
              <tr key={movement.id} className="border-b border-line align-baseline">
                <td className="hidden py-3 pr-4 whitespace-nowrap text-muted sm:table-cell">
                  <When at={movement.movedAt} />
                </td>
                <td className="py-3 pr-4">
                  <MovementWords kind={movement.kind} description={movement.description} />
                  <span className="block text-sm text-muted sm:hidden">
                    <When at={movement.movedAt} />
                  </span>
                </td>
                <td className={`py-3 pr-4 text-right font-semibold ${movement.amountCents > 0 ? "text-good" : ""}`}>
                  <Money cents={movement.amountCents} currency={movement.currency} signed />
                </td>
                <td className="py-3 text-right">
                  <Money cents={movement.balanceCents} currency={movement.currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <LoadMore query={query} />
    </>
  );
}

/** The kind, and what it was for; once where the latter says both, as "Order 12" does. */
function MovementWords({ kind, description }: { kind: MovementKind; description: string }) {
  if (description.startsWith(KINDS[kind])) return <Written>{description}</Written>;
  return (
    <>
      <span className="font-semibold">{KINDS[kind]}</span>
      <span className="block text-sm text-muted">
        <Written>{description}</Written>
      </span>
    </>
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
