import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "../../../components/button.tsx";
import { SearchField } from "../search-field.tsx";
import { allProductsQuery } from "./products-queries.ts";

/** Finds products by words, each with a button that takes it. */
export function FindProduct({ taken, onFound }: FindProductProps) {
  const [search, setSearch] = useState("");
  const { data } = useInfiniteQuery({ ...allProductsQuery({ search }), enabled: search !== "" });
  const found = search === "" ? [] : (data?.pages[0]?.items.slice(0, SHOWN_MAX) ?? []);
  return (
    <div>
      <SearchField label="Find a product to add" value={search} lengthMax={100} onChange={setSearch} />
      <ul aria-label="Found products" className="mt-2">
        {found.map(({ id, name, family }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-3 border-b border-line py-1">
            <span className="wrap-anywhere">
              {name}
              {family && <span className="text-sm text-muted"> in {family.name}</span>}
            </span>
            {taken.includes(id) ? (
              <span className="flex min-h-11 items-center px-3 text-sm text-muted">Added</span>
            ) : (
              <Button look="quiet" aria-label={`Add ${name}`} onClick={() => onFound({ id, name })}>
                Add
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

interface FindProductProps {
  /** The ids of those that are taken already. */
  readonly taken: readonly number[];
  readonly onFound: (product: { id: number; name: string }) => void;
}

/** More words find less. */
const SHOWN_MAX = 8;
