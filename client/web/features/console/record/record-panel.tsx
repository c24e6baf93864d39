import { Link } from "@tanstack/react-router";
import { Button } from "../../../components/button.tsx";
import { Notice } from "../../../components/notice.tsx";
import { Panel } from "../panel.tsx";
import { ExportLinks } from "./export-links.tsx";
import { FindForm } from "./find-form.tsx";
import {
  type FilterProblem,
  filterOf,
  filterProblem,
  listOf,
  RECORD_LISTS,
  type RecordListName,
  type RecordSearch,
} from "./record-filter.ts";
import { RecordFilters } from "./record-filters.tsx";
import { AttemptTable, ChangeTable, CreditTable, OrderTable, RefundTable } from "./record-tables.tsx";
import { LIST_WORDS } from "./record-words.ts";
import { summarySearchOf } from "./summary-filter.ts";
import { SummaryPanel } from "./summary-panel.tsx";

/** Everything that was decided, paid, given back and changed: one list at a time, filtered, and as a file. */
export function RecordPanel({ search, onChange, onFind }: RecordPanelProps) {
  const isSummary = search.show === "summary";
  const list = listOf(search);
  const problem = isSummary ? undefined : filterProblem(list, search);
  return (
    <div className="grid gap-4">
      <FindForm userId={filterOf("attempts", search).userId} find={search.find} onFind={onFind} />
      <Panel
        title={isSummary ? "Summary" : "Record"}
        aside={
          isSummary ? (
            <ExportLinks file="movements" words="The whole ledger as CSV" filter={{}} />
          ) : (
            !problem && <ExportLinks file={list} words={`${LIST_WORDS[list]} as CSV`} filter={filterOf(list, search)} />
          )
        }
      >
        <nav aria-label="Lists of the record" className="mb-4 flex flex-wrap gap-1 border-b-2 border-line print:hidden">
          {RECORD_LISTS.map((each) => (
            <Link
              key={each}
              to="/console/record"
              search={searchOf(each, search)}
              resetScroll={false}
              aria-current={each === list && !isSummary ? "page" : undefined}
              activeOptions={EXACT}
              className={TAB}
            >
              {LIST_WORDS[each]}
            </Link>
          ))}
          <Link
            to="/console/record"
            search={summarySearchOf({ saleId: search.saleId })}
            resetScroll={false}
            aria-current={isSummary ? "page" : undefined}
            activeOptions={EXACT}
            className={TAB}
          >
            Summary
          </Link>
        </nav>
        {isSummary ? (
          <SummaryPanel search={search} onChange={onChange} />
        ) : (
          <>
            <div className="mb-5 print:hidden">
              <RecordFilters key={list} list={list} search={search} onChange={onChange} />
            </div>
            {problem ? <NoList problem={problem} onChange={onChange} /> : <Table list={list} search={search} />}
          </>
        )}
      </Panel>
    </div>
  );
}

function NoList({
  problem: { name, words },
  onChange,
}: { problem: FilterProblem } & Pick<RecordPanelProps, "onChange">) {
  const leaveOut = name !== undefined && (
    <Button look="plain" onClick={() => onChange({ [name]: undefined })}>
      Leave it out
    </Button>
  );
  return (
    <Notice tone="bad" title="Nothing is shown" actions={leaveOut}>
      {words}
    </Notice>
  );
}

function Table({ list, search }: { list: RecordListName; search: RecordSearch }) {
  switch (list) {
    case "attempts":
      return <AttemptTable filter={filterOf(list, search)} />;
    case "orders":
      return <OrderTable filter={filterOf(list, search)} />;
    case "refunds":
      return <RefundTable filter={filterOf(list, search)} />;
    case "credits":
      return <CreditTable filter={filterOf(list, search)} />;
    case "changes":
      return <ChangeTable filter={filterOf(list, search)} />;
  }
}

/** What another list can be filtered by too goes with whoever goes there. */
function searchOf(list: RecordListName, search: RecordSearch): Record<string, string> {
  const kept = Object.entries({ ...filterOf(list, search), show: list });
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}

/** What is current is told here. */
const EXACT = { exact: true };

const TAB =
  "-mb-0.5 flex min-h-11 items-center border-b-4 border-transparent px-3 font-semibold text-muted narrow hover:text-ink " +
  "aria-[current=page]:border-action aria-[current=page]:text-ink";

interface RecordPanelProps {
  readonly search: RecordSearch;
  /** Changes a part of what stands in the address. */
  readonly onChange: (changes: RecordSearch) => void;
  readonly onFind: Parameters<typeof FindForm>[0]["onFind"];
}
