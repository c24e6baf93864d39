import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { amountText } from "../../../app/amount.ts";
import { Button } from "../../../components/button.tsx";
import { Money } from "../../../components/money.tsx";
import { SearchField } from "../search-field.tsx";
import { countWords } from "../time-words.ts";
import { type ItemForm, newItem } from "./sale-form.ts";
import { productChoicesQuery } from "./sales-queries.ts";

/** Ways to another item: a product of the catalogue that is looked for, or a new one by its name. */
export function AddItem({ error, onAdd }: { error: string | undefined; onAdd: (item: ItemForm) => void }) {
  const [search, setSearch] = useState("");
  const query = useQuery({ ...productChoicesQuery(search), enabled: search !== "" });
  const products = search === "" ? [] : (query.data?.items ?? []);
  return (
    <search className="mt-4 block rounded-lg bg-sunken p-3 sm:p-4" onKeyDown={moveByArrow}>
      <p role="alert" className="font-medium text-hot not-empty:mb-3">
        {error}
      </p>
      <SearchField label="Add a product of the catalogue" value={search} lengthMax={100} onChange={setSearch} />
      {search !== "" && (
        <ul aria-label="Products found" aria-busy={query.isFetching || undefined} className="mt-3 grid gap-2">
          {products.map(({ id, name, description, imageUrl, priceCents, units, stock }) => (
            <li key={id}>
              <button
                type="button"
                onClick={() => {
                  setSearch("");
                  const most = stock.toSorted((a, b) => b.units - a.units)[0];
                  onAdd(
                    newItem({
                      productId: id,
                      warehouseId: most ? String(most.warehouseId) : "",
                      name,
                      description,
                      imageUrl: imageUrl ?? "",
                      price: amountText(priceCents),
                    }),
                  );
                }}
                className="flex min-h-11 w-full flex-wrap items-center justify-between gap-x-4 rounded-md bg-surface px-3 py-2 text-left ring-1 ring-line hover:ring-2 hover:ring-action"
              >
                <span className="font-semibold wrap-anywhere">
                  <span className="sr-only">Add </span>
                  {name}
                </span>
                <span className="figures text-sm text-muted">
                  <Money cents={priceCents} /> · {countWords(units)} there
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <p role="status" className="text-sm text-muted not-empty:mt-3">
        {search !== "" && query.data && products.length === 0 && "No product of the catalogue is like that."}
        {query.error && "The catalogue could not be read."}
      </p>
      <Button look="plain" className="mt-3" onClick={() => onAdd(newItem({}))}>
        Add a new item
      </Button>
    </search>
  );
}

/** The arrows lead from the search to what was found, and back. */
function moveByArrow(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, li button")];
  const next = step && stops[stops.indexOf(event.target as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
