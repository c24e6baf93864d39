import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { SaleDetails } from "../../../shared/sales.ts";
import { serverClock } from "../app/server-clock.ts";
import { useMayChange } from "../app/session.ts";
import { buttonLook } from "../components/button.tsx";
import { Found } from "../features/console/panel.tsx";
import { LastRehearsal } from "../features/console/rehearsals/last-rehearsal.tsx";
import { CodesPanel } from "../features/console/sales/codes-panel.tsx";
import { RunPanel } from "../features/console/sales/run-panel.tsx";
import { SaleEditor } from "../features/console/sales/sale-editor.tsx";
import { copyOf, emptyForm, type SaleForm } from "../features/console/sales/sale-form.ts";
import { saleDetailsQuery } from "../features/console/sales/sales-queries.ts";
import { ownTimeZone } from "../features/console/sales/zoned-time.ts";
import { NotFoundRoute } from "./not-found.tsx";
import { SalePreview } from "./sale-preview.tsx";

/** Plans a sale: from nothing, or like one that there is. */
export function ConsoleNewSaleRoute() {
  const { copy } = useSearch({ from: "/console/sales/new" });
  const copied = copy === undefined ? undefined : Number(copy);
  const isSale = copied !== undefined && Number.isSafeInteger(copied) && copied > 0;
  const query = useQuery({ ...saleDetailsQuery(copied ?? 0), enabled: isSale, refetchInterval: false });
  if (copied !== undefined && !isSale) return <NotFoundRoute />;
  return (
    <>
      <title>A new sale · Console · Doorbuster</title>
      <BackToList />
      {copy === undefined ? (
        <NewSale key="new" first={emptyForm()} />
      ) : (
        <Found query={query} what="the sale to copy" skeleton="h-96">
          {(sale) => <NewCopy key={sale.id} sale={sale} />}
        </Found>
      )}
    </>
  );
}

/** Of the sale as it was when the copy was begun. */
function NewCopy({ sale }: { sale: SaleDetails }) {
  const [first] = useState(() => copyOf(sale, { nowMs: serverClock.nowMs(), timeZone: ownTimeZone() }));
  return <NewSale first={first} copied={sale.id} />;
}

function NewSale({ first, copied }: { first: SaleForm; copied?: number }) {
  const navigate = useNavigate();
  return (
    <SaleEditor
      sale={undefined}
      first={first}
      {...(copied !== undefined && { copied })}
      seenAtMs={0}
      onSaved={(saleId) => void navigate({ to: "/console/sales/$saleId", params: { saleId: String(saleId) } })}
    >
      {(form, timeZone) => <SalePreview form={form} sale={undefined} timeZone={timeZone} />}
    </SaleEditor>
  );
}

/** One sale: how it stands, what can be done with it, its plan, and how buyers see it. */
export function ConsoleSaleRoute() {
  const saleId = Number(useParams({ from: "/console/sales/$saleId" }).saleId);
  if (!Number.isSafeInteger(saleId) || saleId < 1) return <NotFoundRoute />;
  return <OneSale key={saleId} saleId={saleId} />;
}

function OneSale({ saleId }: { saleId: number }) {
  const query = useQuery(saleDetailsQuery(saleId));
  const mayEdit = useMayChange();
  const seenAtMs = query.dataUpdatedAt;
  const params = { saleId: String(saleId) };
  return (
    <>
      <title>{`${query.data?.name ?? "Sale"} · Console · Doorbuster`}</title>
      <BackToList />
      <Found query={query} what="the sale" skeleton="h-96">
        {(sale) => (
          <div className="grid gap-4">
            <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
              <h2 dir="auto" className="text-2xl font-bold narrow wrap-anywhere">
                {sale.name}
              </h2>
              <nav aria-label="This sale" className="flex flex-wrap gap-2">
                <Link to="/console/sales/$saleId/live" params={params} className={buttonLook("plain")}>
                  Watch it live
                </Link>
                <Link to="/sales/$saleId" params={params} className={buttonLook("plain")}>
                  Buyers’ page
                </Link>
                {mayEdit && (
                  <Link to="/console/sales/new" search={{ copy: params.saleId }} className={buttonLook("plain")}>
                    Copy it
                  </Link>
                )}
              </nav>
            </header>
            {sale.status !== "ended" && sale.status !== "cancelled" && (
              <LastRehearsal
                saleId={saleId}
                renderLink={({ rehearsalId, words }) => (
                  <Link
                    to="/console/rehearsals"
                    search={rehearsalId === undefined ? { sale: params.saleId } : { rehearsal: String(rehearsalId) }}
                    className="underline underline-offset-4"
                  >
                    {words}
                  </Link>
                )}
              />
            )}
            <RunPanel sale={sale} seenAtMs={seenAtMs} />
            <SaleEditor sale={sale} first={EMPTY} seenAtMs={seenAtMs} onSaved={() => undefined}>
              {(form, timeZone) => <SalePreview form={form} sale={sale} timeZone={timeZone} />}
            </SaleEditor>
            <CodesPanel sale={sale} seenAtMs={seenAtMs} />
          </div>
        )}
      </Found>
    </>
  );
}

const EMPTY = emptyForm();

function BackToList() {
  return (
    <Link to="/console/sales" className="mb-3 inline-flex min-h-11 items-center underline underline-offset-4">
      All sales
    </Link>
  );
}
