import { Link } from "@tanstack/react-router";
import type { Sale } from "../../../../shared/sales.ts";
import { formatWhen } from "../../components/when.tsx";

/** The way to the other sales that are open or coming. */
export function OtherSales({ sales }: { sales: readonly Sale[] }) {
  const open = sales.filter(({ status }) => status === "live" || status === "paused");
  const coming = sales.filter(({ status }) => status === "scheduled");
  const shown = [...open, ...coming.toReversed()].slice(0, SHOWN_MAX);
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
              <span className="text-xl font-bold narrow">{sale.name}</span>
              <span className="text-muted">
                {sale.status === "scheduled"
                  ? `Opens ${formatWhen(sale.startsAt)}`
                  : `Open until ${formatWhen(sale.endsAt)}`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const SHOWN_MAX = 6;
