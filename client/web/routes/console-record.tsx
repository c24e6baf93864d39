import { Navigate, useNavigate, useSearch } from "@tanstack/react-router";
import { pathSearchOf } from "../features/console/record/record-filter.ts";
import { RecordPanel } from "../features/console/record/record-panel.tsx";
import { summaryFilterOf, summarySearchOf } from "../features/console/record/summary-filter.ts";

/** Everything that was decided, paid, given back and changed. The list and its filters stand in the address, so that they can be sent to somebody. */
export function ConsoleRecordRoute() {
  const search = useSearch({ from: "/console/record" });
  const navigate = useNavigate();
  if (search.show === "summary" && !summaryFilterOf(search))
    return <Navigate to="/console/record" search={summarySearchOf(search)} replace />;
  return (
    <>
      <title>Record · Console · Doorbuster</title>
      <RecordPanel
        search={search}
        onChange={(changes) =>
          void navigate({
            to: "/console/record",
            search: present({ ...search, ...changes }),
            replace: true,
            resetScroll: false,
          })
        }
        onFind={(input) => void navigate({ to: "/console/record/path", search: pathSearchOf(input) })}
      />
    </>
  );
}

function present(search: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(search).flatMap(([name, text]) => (text ? [[name, text]] : [])));
}
