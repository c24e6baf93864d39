import type { Movement, MovementKind } from "../../../shared/wallets.ts";
import { Money } from "./money.tsx";
import { When } from "./when.tsx";
import { Written } from "./written.tsx";

/** Movements of a wallet with the balance after each. On a small screen the amounts stand below the words, in full. */
export function MovementTable({ label, movements }: { label: string; movements: readonly Movement[] }) {
  return (
    <table aria-label={label} className="w-full text-left max-sm:block">
      <thead className="text-sm text-muted max-sm:sr-only">
        <tr className="border-b-2 border-ink">
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
      <tbody className="max-sm:block max-sm:border-t-2 max-sm:border-ink">
        {movements.map((movement) => (
          <tr
            key={movement.id}
            className="border-b border-line align-baseline max-sm:flex max-sm:flex-wrap max-sm:justify-between max-sm:gap-x-4 max-sm:gap-y-1 max-sm:py-3"
          >
            <th scope="row" className="font-normal wrap-anywhere max-sm:w-full sm:py-3 sm:pr-4">
              <MovementWords kind={movement.kind} description={movement.description} />
              <span className="block text-sm text-muted">
                <When at={movement.movedAt} />
              </span>
            </th>
            <td
              className={`font-semibold sm:py-3 sm:pr-4 sm:text-right ${movement.amountCents > 0 ? "text-good" : ""}`}
            >
              <Label>Amount</Label>
              <Money cents={movement.amountCents} currency={movement.currency} signed />
            </td>
            <td className="ml-auto text-right sm:py-3">
              <Label>Balance</Label>
              <Money cents={movement.balanceCents} currency={movement.currency} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the column is called, where there are no columns to see. */
function Label({ children }: { children: string }) {
  return (
    <span aria-hidden="true" className="block text-sm font-normal text-muted sm:hidden">
      {children}
    </span>
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
