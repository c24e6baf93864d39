import { useRef, useState } from "react";
import type { Sale } from "../../../../shared/sales.ts";
import { Button } from "../../components/button.tsx";
import { lazyPart } from "../../components/lazy-part.tsx";
import { openSales } from "./current-sale.ts";
import { SaleLinks } from "./sale-links.tsx";

/**
 * The way to the other sales: first to those that are open or coming, on demand to all of them.
 *
 * @param sales undefined where they were not read, as on a sale's own page, which is to stay cheap when everybody opens it
 */
export function OtherSales({ shownId, sales }: { shownId: number; sales: readonly Sale[] | undefined }) {
  const [isAll, setAll] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const others = sales?.filter(({ id }) => id !== shownId);
  if (others?.length === 0) return null;
  const shown = others ? nextDoors(others) : [];
  const showAll = () => {
    setAll(true);
    // The button that was pressed goes.
    heading.current?.focus();
  };
  return (
    <nav aria-labelledby="other-sales" className="page-width mt-20">
      <h2 id="other-sales" ref={heading} tabIndex={-1} className="poster text-4xl uppercase outline-none">
        More doors
      </h2>
      {isAll ? <AllSales shownId={shownId} /> : <SaleLinks sales={shown} />}
      {!isAll && shown.length !== others?.length && (
        <p className="mt-5">
          <Button look="plain" onClick={showAll}>
            Show all sales
          </Button>
        </p>
      )}
    </nav>
  );
}

const AllSales = lazyPart(() => import("./all-sales.tsx"), "AllSales", { what: "The list of sales", pending: null });

function nextDoors(sales: readonly Sale[]): Sale[] {
  const coming = sales.filter(({ status }) => status === "scheduled");
  return [...openSales(sales), ...coming.toReversed()].slice(0, SHOWN_MAX);
}

const SHOWN_MAX = 6;
