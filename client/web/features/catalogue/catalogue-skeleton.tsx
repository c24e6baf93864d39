import { Skeleton } from "../../components/skeleton.tsx";

/** The catalogue's shape while it is on its way. */
export function CatalogueSkeleton() {
  return (
    <div
      role="status"
      aria-label="Loading the catalogue"
      className="grid grid-cols-2 gap-x-4 gap-y-8 sm:gap-x-7 sm:gap-y-10 md:grid-cols-3 xl:grid-cols-4"
    >
      {["a", "b", "c", "d", "e", "f", "g", "h"].map((place) => (
        <div key={place}>
          <Skeleton className="aspect-4/3 w-full rounded-xl" />
          <Skeleton className="mt-3 h-6 w-2/3" />
          <Skeleton className="mt-2 h-10 w-full max-sm:hidden" />
          <Skeleton className="mt-3 h-5 w-20" />
          <Skeleton className="mt-2.5 h-11 w-full" />
        </div>
      ))}
    </div>
  );
}
