import { Link, useSearch } from "@tanstack/react-router";
import { PathPanel } from "../features/console/record/path-panel.tsx";
import { askedOf } from "../features/console/record/record-filter.ts";

/** What became of one key, from the request to the dispatch. What is asked about stands in the address. */
export function ConsoleRecordPathRoute() {
  const input = askedOf(useSearch({ from: "/console/record/path" }));
  return (
    <>
      <title>What became of it · Console · Doorbuster</title>
      <Link to="/console/record" className="mb-3 inline-flex min-h-11 items-center underline underline-offset-4">
        All of the record
      </Link>
      {input ? (
        <PathPanel key={JSON.stringify(input)} input={input} />
      ) : (
        <p className="rounded-xl bg-sunken px-4 py-16 text-center text-muted">
          This address names no purchase, order, task or key.
        </p>
      )}
    </>
  );
}
