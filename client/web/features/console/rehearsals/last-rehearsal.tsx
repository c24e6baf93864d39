import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Ago } from "../ago.tsx";
import { Tag } from "../tag.tsx";
import { lastRehearsalQuery } from "./rehearsal-queries.ts";
import { resultOf } from "./rehearsal-words.ts";

/** When a sale was last rehearsed and how that went, to be read before it opens. */
export function LastRehearsal({ saleId, renderLink }: LastRehearsalProps) {
  const { data } = useQuery(lastRehearsalQuery(saleId));
  const [last] = data?.items ?? [];
  if (!data) return null;
  if (!last) return <p>Not rehearsed yet. {renderLink({ words: "Rehearse it" })}</p>;
  const { text, tone, sign } = resultOf(last);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <p>
        Last rehearsed <Ago at={last.startedAt} />
      </p>
      <Tag tone={tone} sign={sign}>
        {text}
      </Tag>
      <p>{renderLink({ rehearsalId: last.id, words: "See how it went" })}</p>
    </div>
  );
}

interface LastRehearsalProps {
  readonly saleId: number;
  /** To the rehearsal, or to where one begins. */
  readonly renderLink: (link: { readonly rehearsalId?: number; readonly words: string }) => ReactNode;
}
