import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { LoadMore } from "../../../components/load-more.tsx";
import { Found, Panel } from "../panel.tsx";
import { familiesQuery } from "./products-queries.ts";

/** Products that are one thing in several sizes or colours. */
export function FamiliesPanel({ renderLink, aside }: FamiliesPanelProps) {
  const query = useInfiniteQuery(familiesQuery);
  return (
    <Panel title="Families" aside={aside}>
      <Found query={query} what="the list of families">
        {({ pages }) => {
          const families = pages.flatMap(({ items }) => items);
          if (families.length === 0) {
            return (
              <p className="rounded-md bg-sunken px-4 py-8 text-center text-muted">
                No product is in several sizes or colours yet. A family shows them on one card, where buyers choose.
              </p>
            );
          }
          return (
            <>
              <ul aria-label="Families" className="border-t-2 border-ink">
                {families.map(({ id, name, optionNames, variants }) => (
                  <li key={id} className="relative border-b border-line py-2.5 hover:bg-paper">
                    <p className="font-semibold wrap-anywhere">{renderLink(id, name)}</p>
                    <p className="text-sm wrap-anywhere text-muted">
                      {variants.length} products, by {optionNames.join(" and ")}
                    </p>
                  </li>
                ))}
              </ul>
              <LoadMore query={query} />
            </>
          );
        }}
      </Found>
    </Panel>
  );
}

interface FamiliesPanelProps {
  readonly renderLink: (familyId: number, words: string) => ReactNode;
  /** Stands at the end of the heading's line. */
  readonly aside: ReactNode;
}
