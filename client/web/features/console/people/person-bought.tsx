import { useInfiniteQuery } from "@tanstack/react-query";
import type { User } from "../../../../../shared/users.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { Found, Panel } from "../panel.tsx";
import { type Bought, ofOrder, ofPurchase } from "./bought.ts";
import { BoughtRow, type BoughtRowProps } from "./bought-row.tsx";
import { personOrdersQuery, personPurchasesQuery } from "./people-queries.ts";
import { useHeldRow } from "./use-held-row.ts";

/** What somebody bought in sales. Two rows with two keys were two intents; a request that was repeated is one row. */
export function PersonPurchases({ person, ...ways }: PersonBoughtProps) {
  const query = useInfiniteQuery({
    ...personPurchasesQuery(person.id),
    select: ({ pages }) => pages.flatMap(({ items }) => items.map(ofPurchase)),
  });
  return (
    <BoughtPanel
      {...ways}
      title="Purchases"
      nothing="Nothing was bought in a sale."
      query={query}
      buyer={person.name}
    />
  );
}

/** What somebody ordered from the catalogue. */
export function PersonOrders({ person, ...ways }: PersonBoughtProps) {
  const query = useInfiniteQuery({
    ...personOrdersQuery(person.id),
    select: ({ pages }) => pages.flatMap(({ items }) => items.map(ofOrder)),
  });
  return (
    <BoughtPanel
      {...ways}
      title="Orders"
      nothing="Nothing was ordered from the catalogue."
      query={query}
      buyer={person.name}
    />
  );
}

function BoughtPanel({ title, nothing, query, ...row }: BoughtPanelProps) {
  const { hold, withHeld } = useHeldRow<Bought>(({ number }) => number);
  return (
    <Panel title={title}>
      <Found query={query} what={`the list of ${title.toLowerCase()}`}>
        {(all) =>
          all.length === 0 ? (
            <p className="text-muted">{nothing}</p>
          ) : (
            <>
              <ul aria-label={title} className="border-t-2 border-ink">
                {withHeld(all).map((bought) => (
                  <BoughtRow
                    key={bought.number}
                    bought={bought}
                    seenAtMs={query.dataUpdatedAt}
                    onOpenChange={(isOpen) => hold(bought, isOpen)}
                    {...row}
                  />
                ))}
              </ul>
              <LoadMore query={query} />
            </>
          )
        }
      </Found>
    </Panel>
  );
}

type Ways = Pick<BoughtRowProps, "renderTask" | "renderPerson" | "onRefunded">;

interface PersonBoughtProps extends Ways {
  readonly person: User;
}

interface BoughtPanelProps extends Ways {
  readonly title: "Purchases" | "Orders";
  /** Said where the list is empty. */
  readonly nothing: string;
  readonly query: Parameters<typeof Found<readonly Bought[]>>[0]["query"] & Parameters<typeof LoadMore>[0]["query"];
  readonly buyer: string;
}
