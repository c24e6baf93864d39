import { Link } from "@tanstack/react-router";

/** What was bought stands in two places: purchases in sales, and orders from the catalogue. */
export function PurchasesTabs() {
  return (
    <nav aria-label="What you bought" className="flex rounded-md bg-sunken p-1">
      <Link to="/purchases" className={TAB}>
        From sales
      </Link>
      <Link to="/orders" className={TAB}>
        Orders
      </Link>
    </nav>
  );
}

const TAB =
  "flex min-h-10 items-center rounded-[0.3rem] px-4 font-semibold text-muted narrow hover:text-ink " +
  "aria-[current=page]:bg-action aria-[current=page]:text-action-ink";
