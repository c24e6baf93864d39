import { useInfiniteQuery } from "@tanstack/react-query";
import { LoadMore } from "../../../components/load-more.tsx";
import { MovementTable } from "../../../components/movement-table.tsx";
import { Found, Panel } from "../panel.tsx";
import { personStatementQuery } from "./people-queries.ts";

/** Every movement of the wallet with the balance after it: the same that its owner sees. */
export function PersonStatement({ userId }: { userId: string }) {
  const query = useInfiniteQuery(personStatementQuery(userId));
  return (
    <Panel title="Movements of the wallet">
      <Found query={query} what="the statement">
        {({ pages }) => {
          const movements = pages.flatMap(({ items }) => items);
          if (movements.length === 0) return <p className="text-muted">Nothing has moved yet.</p>;
          return (
            <>
              <MovementTable label="Movements" movements={movements} />
              <LoadMore query={query} />
            </>
          );
        }}
      </Found>
    </Panel>
  );
}
