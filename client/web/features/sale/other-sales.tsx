import { Link } from "@tanstack/react-router";
import type { Sale } from "../../../../shared/sales.ts";
import { When } from "../../components/when.tsx";
import { isSoldOut, openSales } from "./current-sale.ts";

/** The way to the other sales that are open or coming. */
export function OtherSales({ sales }: { sales: readonly Sale[] }) {
  const coming = sales.filter(({ status }) => status === "scheduled");
  const shown = [...openSales(sales), ...coming.toReversed()].slice(0, SHOWN_MAX);
  if (shown.length === 0) return null;
  return (
    <nav aria-labelledby="other-sales" className="page-width mt-20">
      <h2 id="other-sales" className="poster text-4xl uppercase">
        More doors
      </h2>
      <ul className="mt-5 border-t-2 border-ink">
        {shown.map((sale) => (
          <li key={sale.id} className="border-b border-line">
            <Link
              to="/sales/$saleId"
              params={{ saleId: String(sale.id) }}
              className="flex flex-wrap items-baseline justify-between gap-x-6 py-4 hover:bg-sunken"
            >
              <span dir="auto" className="min-w-0 text-left text-xl font-bold narrow wrap-anywhere hyphens-auto">
                {sale.name}
              </span>
              <span className="text-muted">
                <Opening sale={sale} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Opening({ sale }: { sale: Sale }) {
  if (sale.status === "scheduled") {
    return (
      <>
        Opens <When at={sale.startsAt} />
      </>
    );
  }
  if (isSoldOut(sale)) return "Sold out";
  return (
    <>
      {sale.status === "paused" ? "Paused, until" : "Open until"} <When at={sale.endsAt} />
    </>
  );
}

const SHOWN_MAX = 6;
