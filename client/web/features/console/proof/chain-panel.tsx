import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { ItemHead, ProofState } from "../../../../../shared/proof.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { When } from "../../../components/when.tsx";
import { Ago } from "../ago.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found, Panel } from "../panel.tsx";
import { Tag } from "../tag.tsx";
import { countWords } from "../time-words.ts";
import { chainWords } from "./chain-words.ts";
import { ProofButton } from "./proof-button.tsx";
import { headsQuery, proofStateQuery } from "./proof-queries.ts";

/** Whether what was recorded is still as it was recorded, and the heads by which others can tell. */
export function ChainPanel() {
  const query = useQuery(proofStateQuery);
  const heads = useInfiniteQuery(headsQuery);
  return (
    <Panel title="Tamper-evident chain">
      <p className="mb-3.5 max-w-[80ch] text-[0.95rem] leading-snug text-muted">
        Records are sealed some seconds after they are written. A row that is changed, removed or inserted behind the
        shop’s back breaks its seal and is named here. Heads kept elsewhere show it even if the whole chain was
        rewritten.
      </p>
      <Found query={query} what="the chain" skeleton="h-28">
        {(state) => (
          <>
            <Verified state={state} />
            <ProofButton kind="chain">Verify now</ProofButton>
          </>
        )}
      </Found>
      <div className="mt-4 border-t border-line pt-4">
        <Found query={heads} what="the heads" skeleton="h-60">
          {({ pages }) => (
            <DataTable
              label="Heads"
              columns={COLUMNS}
              rows={pages.flatMap(({ items }) => items)}
              rowKey={({ chain }) => chain}
              empty="Nothing is sealed yet: a worker does that some seconds after something was recorded."
            />
          )}
        </Found>
        <LoadMore query={heads} />
      </div>
    </Panel>
  );
}

function Verified({ state: { sealedUntil, verified, verifiedAt } }: { state: ProofState }) {
  return (
    <div className="mb-4 grid gap-2">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        {verified === null || verifiedAt === null ? (
          <Tag tone="quiet" sign="waiting">
            Never verified
          </Tag>
        ) : (
          <>
            <Tag tone={verified.ok ? "good" : "bad"} sign={verified.ok ? "done" : "failed"}>
              {verified.ok ? "As it was sealed" : "Not as it was sealed"}
            </Tag>
            <span>
              {countWords(verified.rows)} rows, verified <Ago at={verifiedAt} />
            </span>
          </>
        )}
        <span>
          {sealedUntil === null ? (
            "Nothing is sealed yet"
          ) : (
            <>
              Sealed up to <When at={sealedUntil} withYear />
              <span className="print:hidden">
                , <Ago at={sealedUntil} />
              </span>
            </>
          )}
        </span>
      </p>
      {verified?.finding && <p className="font-semibold text-hot wrap-anywhere">{verified.finding.message}</p>}
    </div>
  );
}

const COLUMNS: readonly Column<ItemHead, string>[] = [
  {
    name: "chain",
    title: "Records",
    isHeading: true,
    cell: (head) => {
      const { name, of } = chainWords(head);
      return (
        <>
          {name}
          {of && <span className="block text-sm font-normal text-muted">{of}</span>}
        </>
      );
    },
  },
  { name: "number", title: "Set", isNumber: true, cell: ({ number }) => countWords(number) },
  { name: "until", title: "Sealed up to", cell: ({ sealedUntil }) => <When at={sealedUntil} withYear /> },
  {
    name: "head",
    title: "Head",
    isLong: true,
    cell: ({ head }) => <code className="text-xs wrap-anywhere">{head}</code>,
  },
];
