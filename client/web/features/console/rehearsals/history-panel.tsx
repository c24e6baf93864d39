import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Rehearsal } from "../../../../../shared/rehearsals.ts";
import { LoadMore } from "../../../components/load-more.tsx";
import { When } from "../../../components/when.tsx";
import { type Column, DataTable } from "../data-table.tsx";
import { Found, Panel } from "../panel.tsx";
import { Tag } from "../tag.tsx";
import { countWords } from "../time-words.ts";
import { rehearsalsQuery } from "./rehearsal-queries.ts";
import { resultOf } from "./rehearsal-words.ts";

/** Rehearsals there were, newest first. */
export function HistoryPanel({ renderLink }: { renderLink: (rehearsalId: number, words: string) => ReactNode }) {
  const query = useInfiniteQuery(rehearsalsQuery);
  const columns: readonly Column<Rehearsal>[] = [
    { name: "sale", title: "Sale", isHeading: true, cell: ({ id, saleName }) => renderLink(id, saleName) },
    { name: "begun", title: "Begun", cell: ({ startedAt }) => <When at={startedAt} /> },
    { name: "buyers", title: "Buyers", isNumber: true, cell: ({ crowd }) => countWords(crowd.buyers) },
    {
      name: "result",
      title: "Result",
      cell: (rehearsal) => {
        const { text, tone, sign } = resultOf(rehearsal);
        return (
          <Tag tone={tone} sign={sign}>
            {text}
          </Tag>
        );
      },
    },
    { name: "verdict", title: "What came of it", isLong: true, cell: ({ verdict }) => verdict ?? "Under way" },
  ];
  return (
    <Panel title="Rehearsals">
      <Found query={query} what="the list of rehearsals">
        {({ pages }) => (
          <>
            <DataTable
              label="Rehearsals"
              rows={pages.flatMap(({ items }) => items)}
              rowKey={({ id }) => id}
              columns={columns}
              empty="Nothing was rehearsed yet."
            />
            <LoadMore query={query} />
          </>
        )}
      </Found>
    </Panel>
  );
}
