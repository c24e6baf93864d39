import type { ReactNode } from "react";
import { Money } from "../../components/money.tsx";
import { Thumbnail } from "../../components/thumbnail.tsx";
import { When } from "../../components/when.tsx";
import type { Bought } from "./bought.ts";
import { RefundWords } from "./refund-words.tsx";
import { StatusPill } from "./status-pill.tsx";

/** One entry: what was bought, when, where it is, and what was paid. All of it leads to its receipt. */
export function BoughtRow({ bought, renderReceiptLink }: BoughtRowProps) {
  const { lines, position, number, status } = bought;
  return (
    <li
      aria-label={number}
      className="relative flex items-start gap-x-4 border-b border-line py-4 hover:bg-sunken sm:gap-x-5"
    >
      <Thumbnail imageUrl={lines[0]?.imageUrl ?? null} isFaded={status.isGivenBack} />
      <div className="flex min-w-0 grow flex-wrap items-start justify-between gap-x-5 gap-y-2">
        <div className="min-w-0 grow basis-56">
          <h2 dir="auto" className="text-left text-xl leading-tight font-bold narrow wrap-anywhere hyphens-auto">
            {renderReceiptLink(bought.receiptId, whatWords(bought))}
          </h2>
          <p className="mt-1 text-muted">
            {position !== undefined ? (
              <>
                Buyer number{" "}
                <span className="figures font-semibold text-ink">{new Intl.NumberFormat("en").format(position)}</span>
              </>
            ) : (
              number
            )}{" "}
            · <When at={bought.boughtAt} />
          </p>
          <div className="mt-2 grid justify-items-start gap-y-1.5">
            <StatusPill status={status} />
            <RefundWords bought={bought} />
          </div>
        </div>
        <p className={`text-xl font-bold narrow ${status.isGivenBack ? "text-muted line-through" : ""}`}>
          <Money cents={bought.amountCents} currency={bought.currency} />
        </p>
      </div>
    </li>
  );
}

/** "2 × Halo desk lamp, Alba stoneware mugs and 3 more". */
function whatWords({ lines }: Bought): string {
  const names = lines
    .slice(0, NAMES_SHOWN)
    .map(({ name, quantity }) => (quantity > 1 ? `${quantity} × ${name}` : name));
  const more = lines.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}

/** Which products a long order was about is said by the first of them; the receipt has them all. */
const NAMES_SHOWN = 3;

interface BoughtRowProps {
  readonly bought: Bought;
  readonly renderReceiptLink: (receiptId: string, words: ReactNode) => ReactNode;
}
