import { Skeleton } from "./skeleton.tsx";

/** The shape of any page but the sale's while its code is on its way. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading the page" className="page-width py-10 sm:py-16">
      <Skeleton className="mb-8 h-16 w-full max-w-md" />
      <Skeleton className="h-80 w-full" />
    </div>
  );
}
