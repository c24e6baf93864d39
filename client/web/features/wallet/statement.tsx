import { useInfiniteQuery } from "@tanstack/react-query";
import { movementsQuery } from "../../app/queries.ts";
import { LoadFailure } from "../../components/load-failure.tsx";
import { LoadMore } from "../../components/load-more.tsx";
import { MovementTable } from "../../components/movement-table.tsx";
import { Skeleton } from "../../components/skeleton.tsx";

/** Every movement of the wallet, newest first, with the balance after each. */
export function Statement() {
  const query = useInfiniteQuery(movementsQuery);
  if (query.isPending) return <Skeleton className="h-64 w-full" />;
  if (query.isError && !query.data)
    return <LoadFailure what="The statement" error={query.error} onRetry={() => void query.refetch()} />;
  const movements = query.data.pages.flatMap(({ items }) => items);
  if (movements.length === 0) return <p className="py-8 text-muted">Nothing has moved yet.</p>;
  return (
    <>
      <MovementTable label="Statement" movements={movements} />
      <LoadMore query={query} />
    </>
  );
}
