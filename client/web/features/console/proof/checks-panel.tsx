import { useQuery } from "@tanstack/react-query";
import type { ProofCheck } from "../../../../../shared/proof.ts";
import { When } from "../../../components/when.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found, Panel } from "../panel.tsx";
import { Tag } from "../tag.tsx";
import { proofStateQuery } from "./proof-queries.ts";

/** Each check with its sentence, how much it looked at, and since when it holds. */
export function ChecksPanel() {
  const query = useQuery(proofStateQuery);
  return (
    <Panel title="Each check">
      <Found query={query} what="what each check found" skeleton="h-96">
        {({ checks }) => (
          <DataTable
            label="Checks"
            columns={COLUMNS}
            rows={checks}
            rowKey={({ name }) => name}
            empty="Nothing was checked yet."
          />
        )}
      </Found>
    </Panel>
  );
}

const COLUMNS: readonly Column<ProofCheck, string>[] = [
  {
    name: "check",
    title: "Check",
    isHeading: true,
    cell: ({ name, ok }) => (
      <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <span className="inline-block first-letter:uppercase">{name}</span>
        <Tag tone={ok ? "good" : "bad"} sign={ok ? "done" : "failed"}>
          {ok ? "Holds" : "Broken"}
        </Tag>
      </span>
    ),
  },
  { name: "found", title: "What is checked", isLong: true, cell: ({ detail }) => detail },
  {
    name: "true",
    title: "Last true",
    cell: ({ lastTrueAt }) => (lastTrueAt === null ? "Not in the last days" : <When at={lastTrueAt} withYear />),
  },
];
