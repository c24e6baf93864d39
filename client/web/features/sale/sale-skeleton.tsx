import { Skeleton } from "../../components/skeleton.tsx";

/** The shape of a sale that is open while it is on its way. */
export function SaleSkeleton() {
  return (
    <div role="status" aria-label="Loading the sale" className="min-h-dvh">
      <div className="bg-hero">
        <div className="page-width flex h-24 flex-wrap content-center items-center justify-between gap-2">
          <Skeleton className="h-8 w-full max-w-sm bg-hero-ink/15 roomy:h-12" />
          <Skeleton className="h-8 w-full max-w-60 bg-hero-ink/15" />
        </div>
      </div>
      <div className="page-width grid gap-x-7 gap-y-9 pt-5 sm:grid-cols-2 roomy:gap-y-14 roomy:pt-8 lg:grid-cols-3">
        {["a", "b", "c"].map((place) => (
          <div key={place} className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-4 roomy:block">
            <Skeleton className="aspect-4/3 w-full rounded-xl" />
            <Skeleton className="h-8 w-2/3 roomy:mt-4" />
            <Skeleton className="col-span-2 mt-3 h-5 w-full" />
            <Skeleton className="col-span-2 mt-6 h-12 w-full" />
          </div>
        ))}
      </div>
    </div>
  );
}
