import type { ReactNode } from "react";
import { LogoMark, LogoType } from "../../components/logo.tsx";
import { Money } from "../../components/money.tsx";
import { When } from "../../components/when.tsx";
import { Written } from "../../components/written.tsx";
import type { Bought } from "./bought.ts";
import { RefundWords } from "./refund-words.tsx";
import { StatusPill } from "./status-pill.tsx";

/** A receipt as it lies on paper: who sold what to whom, when, under which number, and what was paid. */
export function ReceiptPaper({ bought, buyer }: { bought: Bought; buyer: { name: string; email: string } }) {
  return (
    <article
      aria-label={`Receipt for ${bought.number}`}
      className="w-full max-w-2xl rounded-xl bg-surface px-5 py-6 ring-1 ring-line sm:px-9 sm:py-8 print:max-w-none print:p-0 print:ring-0"
    >
      <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <p className="flex items-center gap-2.5">
          <LogoMark />
          <LogoType />
        </p>
        <StatusPill status={bought.status} />
      </header>
      <dl className="mt-6 grid gap-x-6 gap-y-3 border-t-2 border-dashed border-line pt-5 sm:grid-cols-2 print:grid-cols-2">
        <Fact term="Number">{bought.number}</Fact>
        <Fact term="Date and time">
          <When at={bought.boughtAt} withYear />
        </Fact>
        <Fact term="Sold by">Doorbuster, {location.host}</Fact>
        <Fact term="Sold to">
          <Written>{buyer.name}</Written>, {buyer.email}
        </Fact>
        {bought.position !== undefined && (
          <Fact term="Place in the queue">Buyer number {new Intl.NumberFormat("en").format(bought.position)}</Fact>
        )}
      </dl>
      <ul aria-label="Products" className="figures mt-5 grid gap-y-3 border-t-2 border-dashed border-line pt-5">
        {bought.lines.map(({ line, name, quantity, priceCents }) => (
          <li key={line} className="flex flex-wrap items-baseline justify-between gap-x-4">
            <span className="min-w-0 grow basis-40">
              <span className="font-semibold">
                <Written>{name}</Written>
              </span>
              <span className="block text-muted">
                {quantity} × <Money cents={priceCents} currency={bought.currency} />
              </span>
            </span>
            <Money cents={quantity * priceCents} currency={bought.currency} />
          </li>
        ))}
      </ul>
      <dl className="figures mt-5 grid grid-cols-[1fr_auto] gap-x-4 gap-y-1.5 border-t-2 border-dashed border-line pt-5">
        <dt className="text-xl font-bold narrow">{bought.status.isGivenBack ? "Paid, and given back" : "Paid"}</dt>
        <dd className="text-right text-xl font-bold narrow">
          <Money cents={bought.amountCents} currency={bought.currency} />
        </dd>
        {!bought.status.isGivenBack && (
          <>
            <dt className="text-muted">Balance after</dt>
            <dd className="text-right font-semibold">
              <Money cents={bought.balanceCents} currency={bought.currency} />
            </dd>
          </>
        )}
      </dl>
      <div className="mt-4 empty:hidden">
        <RefundWords bought={bought} withYear />
      </div>
    </article>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-muted">{term}</dt>
      <dd className="font-medium wrap-anywhere">{children}</dd>
    </div>
  );
}
