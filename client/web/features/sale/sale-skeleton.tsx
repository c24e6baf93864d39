import { Skeleton } from "../../components/skeleton.tsx";

/** The sale's shape while it is on its way. */
export function SaleSkeleton() {
  return (
    <div role="status" aria-label="Loading the sale">
      <div className="bg-hero">
        <div className="page-width flex h-[38rem] flex-col justify-center gap-8 sm:h-[36rem]">
          <Skeleton className="h-9 w-32 rounded-full bg-hero-ink/15" />
          <Skeleton className="h-28 w-full max-w-2xl bg-hero-ink/15" />
          <Skeleton className="h-32 w-full max-w-xl bg-hero-ink/15" />
        </div>
      </div>
      <div className="page-width grid gap-x-7 gap-y-14 pt-12 sm:grid-cols-2 sm:pt-16 lg:grid-cols-3">
        {["a", "b", "c"].map((place) => (
          <div key={place}>
            <Skeleton className="aspect-4/3 w-full rounded-xl" />
            <Skeleton className="mt-4 h-8 w-2/3" />
            <Skeleton className="mt-3 h-5 w-full" />
            <Skeleton className="mt-6 h-12 w-full" />
          </div>
        ))}
      </div>
    </div>
  );
}
