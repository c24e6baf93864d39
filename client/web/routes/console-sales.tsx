import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { SALE_STATUSES, type SaleStatus } from "../../../shared/sales.ts";
import { useMayChange } from "../app/session.ts";
import { buttonLook } from "../components/button.tsx";
import { ROW_LINK } from "../features/console/data-table.tsx";
import { SalesPanel } from "../features/console/sales/sales-panel.tsx";
import type { SaleFilter } from "../features/console/sales/sales-queries.ts";
import { sortOf, sortText } from "../features/console/table-sort.ts";

/** All sales. What is looked for and the order stand in the address, so that they can be sent to somebody. */
export function ConsoleSalesRoute() {
  const { search = "", status, sort } = useSearch({ from: "/console/sales" });
  const navigate = useNavigate();
  const mayEdit = useMayChange();
  const filter: SaleFilter = {
    search,
    status: SALE_STATUSES.find((each: SaleStatus) => each === status),
    sort: sortOf(sort, SORTS, NEWEST),
  };
  const onFilter = (next: SaleFilter) => {
    const by = sortText(next.sort);
    void navigate({
      to: "/console/sales",
      search: {
        ...(next.search && { search: next.search }),
        ...(next.status && { status: next.status }),
        ...(by !== sortText(NEWEST) && { sort: by }),
      },
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <>
      <title>Sales · Console · Doorbuster</title>
      <SalesPanel
        filter={filter}
        onFilter={onFilter}
        aside={
          mayEdit && (
            <Link to="/console/sales/new" className={buttonLook("primary")}>
              Plan a sale
            </Link>
          )
        }
        renderLink={(saleId, words) => (
          <Link to="/console/sales/$saleId" params={{ saleId: String(saleId) }} preload={false} className={ROW_LINK}>
            {words}
          </Link>
        )}
      />
    </>
  );
}

const SORTS = ["name", "start"] as const;
const NEWEST = { by: "start", isDescending: true } as const;
