import { Link } from "@tanstack/react-router";
import type { Sale } from "../../../../shared/sales.ts";
import { When } from "../../components/when.tsx";
import { isSoldOut } from "./current-sale.ts";

/** The way to each of these sales, and how it stands with it. */
export function SaleLinks({ sales }: { sales: readonly Sale[] }) {
  return (
    <ul aria-labelledby="other-sales" className="mt-5 border-t-2 border-ink empty:hidden">
      {sales.map((sale) => (
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
              <Standing sale={sale} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Standing({ sale }: { sale: Sale }) {
  switch (sale.status) {
    case "scheduled":
      return (
        <>
          Opens <When at={sale.startsAt} />
        </>
      );
    case "ended":
      return (
        <>
          Ended <When at={sale.endsAt} />
        </>
      );
    case "cancelled":
      return "Cancelled";
    case "live":
    case "paused":
      if (isSoldOut(sale)) return "Sold out";
      return (
        <>
          {sale.status === "paused" ? "Paused, until" : "Open until"} <When at={sale.endsAt} />
        </>
      );
    default:
      return sale.status satisfies never;
  }
}
