import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { breakerQuery, chaosQuery, metricsQuery } from "./console-queries.ts";
import { type SignName, Tag, type Tone } from "./tag.tsx";
import { countWords } from "./time-words.ts";
import { BREAKER_WORDS } from "./warehouse/breaker-words.ts";

/** What an operator wants to know whatever they are looking at. What is not known is not shown. */
export function ConsoleStatus() {
  const open = openTasks(useQuery(metricsQuery).data?.tasks.byStatus);
  const breaker = useQuery(breakerQuery).data?.state;
  const faults = useQuery(chaosQuery).data?.active.length;
  return (
    <ul aria-label="At a glance" className="flex min-h-6 flex-wrap gap-x-2 gap-y-1.5">
      {open !== undefined && (
        <Item tone={open > 0 ? "plain" : "quiet"} sign="waiting">
          {countWords(open)} open
        </Item>
      )}
      {breaker !== undefined && (
        <Item tone={breaker === "closed" ? "quiet" : BREAKER_WORDS[breaker].tone} sign={BREAKER_WORDS[breaker].sign}>
          Breaker {BREAKER_WORDS[breaker].text.toLowerCase()}
        </Item>
      )}
      {faults !== undefined && (
        <Item tone={faults > 0 ? "bad" : "quiet"} sign={faults > 0 ? "failed" : "done"}>
          {faults === 0 ? "No faults" : faults === 1 ? "1 fault on" : `${faults} faults on`}
        </Item>
      )}
    </ul>
  );
}

function Item({ tone, sign, children }: { tone: Tone; sign: SignName; children: ReactNode }) {
  return (
    <li>
      <Tag tone={tone} sign={sign}>
        {children}
      </Tag>
    </li>
  );
}

function openTasks(byStatus: Readonly<Record<string, number>> | undefined): number | undefined {
  return byStatus && (byStatus.PENDING ?? 0) + (byStatus.PROCESSING ?? 0) + (byStatus.FAILED ?? 0);
}
