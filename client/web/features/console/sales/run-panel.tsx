import { useState } from "react";
import type { SaleDetails } from "../../../../../shared/sales.ts";
import { useMayChange } from "../../../app/session.ts";
import { Money } from "../../../components/money.tsx";
import { When } from "../../../components/when.tsx";
import { Panel } from "../panel.tsx";
import { countWords } from "../time-words.ts";
import { useNowMs } from "../use-now.ts";
import { ActOnSale } from "./act-on-sale.tsx";
import { AdjustStock } from "./adjust-stock.tsx";
import { readUpdate } from "./read-sale-form.ts";
import { formOf, type TimeForm } from "./sale-form.ts";
import { SaleState } from "./sale-state.tsx";
import { spanWords, stateNow } from "./state-words.ts";
import { TimeField } from "./time-field.tsx";
import { totalsOf, unitWords } from "./totals.ts";
import { ownTimeZone } from "./zoned-time.ts";

/** How a sale stands, and what one can do with it at once: each says in numbers what it will do before it is done. */
export function RunPanel({ sale, seenAtMs }: { sale: SaleDetails; seenAtMs: number }) {
  const totals = totalsOf(sale);
  const status = stateNow(sale, useNowMs());
  const mayEdit = useMayChange();
  const isOpen = status === "live" || status === "paused";
  const shared = { sale, seenAtMs };
  return (
    <Panel title="State" aside={<SaleState sale={sale} />}>
      <dl className="figures mb-4 grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
        <Figure title="Sold" value={`${countWords(totals.sold)} of ${countWords(totals.offered)}`} />
        <Figure title="Left" value={countWords(totals.remaining)} />
        <Figure title="Taken, less refunds" value={<Money cents={totals.takenCents} />} />
        <Figure title="Watching now" value={countWords(sale.viewers)} />
      </dl>
      {mayEdit && (status === "scheduled" || isOpen) && (
        <div className="mb-5 flex flex-wrap gap-3">
          {status === "live" && <Pause {...shared} />}
          {status === "paused" && <Resume {...shared} />}
          {isOpen && <Extend {...shared} />}
          <Cancel {...shared} />
        </div>
      )}
      <ul aria-label="Stock" className="border-t-2 border-ink">
        {sale.items.map((item) => (
          <li
            key={item.id}
            className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line py-2.5"
          >
            <div className="min-w-0 grow basis-60">
              <p className="font-semibold wrap-anywhere">{item.name}</p>
              <p className="figures text-sm text-muted">
                {countWords(item.remaining)} left, {countWords(item.sold)} sold for <Money cents={item.takenCents} />
                {item.refunds > 0 && `, ${countWords(item.refunds)} refunded`}
              </p>
            </div>
            {mayEdit && isOpen && (
              <div className="flex gap-2">
                <AdjustStock key={`add ${item.id}`} item={item} way="add" {...shared} />
                <AdjustStock key={`withdraw ${item.id}`} item={item} way="withdraw" {...shared} />
              </div>
            )}
          </li>
        ))}
      </ul>
      {sale.lastChange && (
        <p className="mt-3 text-sm text-muted">
          Changed last by {sale.lastChange.by}, <When at={sale.lastChange.at} />.
        </p>
      )}
    </Panel>
  );
}

function Figure({ title, value }: { title: string; value: React.ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-muted">{title}</dt>
      <dd className="text-xl font-bold narrow">{value}</dd>
    </div>
  );
}

function Pause({ sale, seenAtMs }: ActProps) {
  const { remaining } = totalsOf(sale);
  return (
    <ActOnSale
      form={`pause-${sale.id}`}
      words="Pause"
      title="Pause the sale"
      facts={[
        `${watchers(sale)} cannot buy any more, and read that the sale is paused.`,
        ...waitingFacts(sale),
        `${unitWords(remaining)} stay in it until it goes on.`,
        <>
          The clock runs on: it ends on <When at={sale.endsAt} />, paused or not.
        </>,
      ]}
      seenAtMs={seenAtMs}
      act={(shop, reason) => shop.sales.pause({ saleId: sale.id, edits: sale.edits, ...(reason && { reason }) })}
    />
  );
}

function Resume({ sale, seenAtMs }: ActProps) {
  const { remaining } = totalsOf(sale);
  return (
    <ActOnSale
      form={`resume-${sale.id}`}
      words="Go on"
      title="Go on with the sale"
      facts={[
        `${unitWords(remaining)} can be bought at once, and ${watchers(sale).toLowerCase()} hear of it within a second.`,
        <>
          It ends on <When at={sale.endsAt} />.
        </>,
      ]}
      seenAtMs={seenAtMs}
      act={(shop, reason) => shop.sales.resume({ saleId: sale.id, edits: sale.edits, ...(reason && { reason }) })}
    />
  );
}

function Extend({ sale, seenAtMs }: ActProps) {
  const timeZone = ownTimeZone();
  const base = formOf(sale, timeZone);
  const [typed, setTyped] = useState<TimeForm>();
  const endsAt = typed ?? base.endsAt;
  const { remaining } = totalsOf(sale);
  const { input, errors } = readUpdate({ ...base, endsAt }, { sale, base, timeZone });
  const isLater = input?.endsAt !== undefined && Date.parse(input.endsAt) > Date.parse(sale.endsAt);
  const longerMs = isLater ? Date.parse(input.endsAt ?? "") - Date.parse(sale.endsAt) : 0;
  return (
    <ActOnSale
      form={`extend-${sale.id}`}
      words="Extend"
      title="Extend the sale"
      facts={[
        <>
          It ends on <When at={sale.endsAt} />
          {isLater ? (
            <>
              , and would end {spanWords(longerMs)} later, on <When at={input.endsAt ?? ""} />.
            </>
          ) : (
            "."
          )}
        </>,
        `${unitWords(remaining)} can be bought until then. It cannot be made shorter again.`,
      ]}
      fields={
        <TimeField
          label="New end"
          name="newEnd"
          value={endsAt}
          timeZone={timeZone}
          error={
            errors?.endsAt ?? (isLater || endsAt.text === base.endsAt.text ? undefined : "Please choose a later time.")
          }
          why={undefined}
          onChange={setTyped}
        />
      }
      isReady={isLater}
      seenAtMs={seenAtMs}
      act={async (shop, reason) => {
        await shop.sales.update({
          saleId: sale.id,
          edits: sale.edits,
          ...(input?.endsAt && { endsAt: input.endsAt }),
          ...(reason && { reason }),
        });
        setTyped(undefined);
      }}
    />
  );
}

function Cancel({ sale, seenAtMs }: ActProps) {
  const { remaining, purchases, takenCents } = totalsOf(sale);
  return (
    <ActOnSale
      form={`cancel-${sale.id}`}
      words="Cancel the sale"
      title="Cancel the sale for good"
      facts={[
        `${unitWords(remaining)} go back to the inventory at once.`,
        `${watchers(sale)} cannot buy any more.`,
        ...waitingFacts(sale),
        <>
          {purchases === 1 ? "1 purchase stays" : `${countWords(purchases)} purchases stay`}, and so does the{" "}
          <Money cents={takenCents} /> taken: refunds are a decision of their own.
        </>,
        "It cannot be undone. To stop for a while, pause it.",
      ]}
      seenAtMs={seenAtMs}
      act={(shop, reason) => shop.sales.cancel({ saleId: sale.id, edits: sale.edits, ...(reason && { reason }) })}
    />
  );
}

function watchers({ viewers }: SaleDetails): string {
  if (viewers === 0) return "Buyers";
  return viewers === 1 ? "The 1 buyer who is watching" : `The ${countWords(viewers)} buyers who are watching`;
}

/** Those who wait at other starts are not known here. */
function waitingFacts({ waiting }: SaleDetails): string[] {
  if (waiting === 0) return [];
  const words = waiting === 1 ? "1 request to buy waits" : `${countWords(waiting)} requests to buy wait`;
  return [`${words} at the server that answers this page: what is not decided by then is refused.`];
}

interface ActProps {
  readonly sale: SaleDetails;
  readonly seenAtMs: number;
}
