import { Button } from "./button.tsx";

/** The way to the next page of a list, where there is one. */
export function LoadMore({ query }: { query: PagedQuery }) {
  if (!query.hasNextPage) return null;
  return (
    <div className="pt-6 text-center">
      <Button look="plain" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        Load more
      </Button>
      <p role="status" className="text-hot not-empty:mt-2">
        {query.isFetchNextPageError && "That page could not be loaded. Please try again."}
      </p>
    </div>
  );
}

interface PagedQuery {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly isFetchNextPageError: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}
