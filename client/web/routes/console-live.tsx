import { useQuery } from "@tanstack/react-query";
import { Link, Navigate, useParams } from "@tanstack/react-router";
import { buttonLook } from "../components/button.tsx";
import { LoadFailure } from "../components/load-failure.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { watching } from "../features/console/console-queries.ts";
import { LiveView } from "../features/console/live/live-view.tsx";
import { useFigures } from "../features/console/live/use-figures.ts";
import { NotFoundRoute } from "./not-found.tsx";

/** A sale as it runs. */
export function ConsoleLiveRoute() {
  const saleId = Number(useParams({ from: "/console/sales/$saleId/live" }).saleId);
  if (!Number.isSafeInteger(saleId) || saleId < 1) return <NotFoundRoute />;
  return <Watched key={saleId} saleId={saleId} />;
}

function Watched({ saleId }: { saleId: number }) {
  const { figures, error, retry } = useFigures(saleId);
  const title = <title>{`${figures ? `${figures.name} · ` : ""}Live · Console · Doorbuster`}</title>;
  if (figures && !error) {
    return (
      <>
        {title}
        <LiveView
          figures={figures}
          links={
            <Link to="/sales/$saleId" params={{ saleId: String(saleId) }} className={buttonLook("quiet")}>
              As buyers see it
            </Link>
          }
        />
      </>
    );
  }
  return (
    <>
      {title}
      {error ? <LoadFailure what="The sale" error={error} onRetry={() => retry?.()} /> : <Pending />}
    </>
  );
}

/** Leads to the sale that runs now, else the next, else the last one. */
export function ConsoleLiveNowRoute() {
  const query = useQuery(watching.figures.current.queryOptions(undefined, { retry: false, staleTime: 0, gcTime: 0 }));
  if (query.error) return <LoadFailure what="The sale" error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Pending />;
  const { saleId } = query.data;
  if (saleId !== null) return <Navigate to="/console/sales/$saleId/live" params={{ saleId: String(saleId) }} replace />;
  return (
    <p className="rounded-xl bg-surface px-4 py-12 text-center text-muted ring-1 ring-line">
      <title>Live · Console · Doorbuster</title>
      There is no sale yet. When there is one, it is watched here while it runs.
    </p>
  );
}

function Pending() {
  return (
    <div role="status" aria-label="Loading the figures" className="grid gap-4">
      <Skeleton className="h-16 w-2/3" />
      <Skeleton className="h-64 w-full" />
      <Skeleton className="h-64 w-full" />
    </div>
  );
}
