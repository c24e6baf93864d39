import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { PRODUCT_FILTERS, PRODUCT_SORTS } from "../../../shared/products.ts";
import { useMayChange } from "../app/session.ts";
import { buttonLook } from "../components/button.tsx";
import { ROW_LINK } from "../features/console/data-table.tsx";
import { FamiliesPanel } from "../features/console/products/families-panel.tsx";
import { FamilySheet } from "../features/console/products/family-sheet.tsx";
import { ProductSheet } from "../features/console/products/product-sheet.tsx";
import { ProductsPanel } from "../features/console/products/products-panel.tsx";
import { WarehousesPanel } from "../features/console/products/warehouses-panel.tsx";
import { sortOf, sortText } from "../features/console/table-sort.ts";

/** The catalogue and what is in the warehouses. What is shown and what is open stand in the address. */
export function ConsoleProductsRoute() {
  const { product, family, ...view } = useSearch({ from: "/console/products" });
  const navigate = useNavigate();
  const mayChange = useMayChange();
  const go = (search: Record<string, string>, replace = false) =>
    void navigate({ to: "/console/products", search, replace, resetScroll: false });
  const linkTo = (opened: { product: string } | { family: string }, words: string, look: string) => (
    <Link to="/console/products" search={{ ...view, ...opened }} resetScroll={false} className={look}>
      {words}
    </Link>
  );
  return (
    <div className="grid gap-4">
      <title>Products · Console · Doorbuster</title>
      <ProductsPanel
        filter={{
          search: view.search ?? "",
          show: PRODUCT_FILTERS.find((filter) => filter === view.show),
          sort: sortOf(view.sort, PRODUCT_SORTS, { by: "name", isDescending: false }),
        }}
        onFilter={({ search, show, sort }) =>
          go({ ...(search && { search }), ...(show && { show }), sort: sortText(sort) }, true)
        }
        renderLink={(id, words) => linkTo({ product: String(id) }, words, ROW_LINK)}
        aside={mayChange && linkTo({ product: "new" }, "New product", buttonLook())}
      />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <FamiliesPanel
          renderLink={(id, words) => linkTo({ family: String(id) }, words, ROW_LINK)}
          aside={mayChange && linkTo({ family: "new" }, "New family", buttonLook("plain"))}
        />
        <WarehousesPanel />
      </div>
      <ProductSheet
        product={openedBy(product, mayChange)}
        onClose={() => go(view, true)}
        onMade={(id) => go({ ...view, product: String(id) }, true)}
        renderSale={(saleId, words) => (
          <Link
            to="/console/sales/$saleId"
            params={{ saleId: String(saleId) }}
            className="underline underline-offset-4"
          >
            {words}
          </Link>
        )}
      />
      <FamilySheet family={openedBy(family, mayChange)} onClose={() => go(view, true)} />
    </div>
  );
}

/** What an address opens: one by its id, a new one for who may make it, or nothing. */
function openedBy(text: string | undefined, mayChange: boolean): number | "new" | undefined {
  if (text === "new") return mayChange ? text : undefined;
  const id = Number(text);
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
