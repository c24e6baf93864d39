import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ReconcileState } from "../../../../shared/operations.ts";
import { Ago } from "./ago.tsx";
import { breakerQuery, chaosQuery, metricsQuery, reconcileStateQuery } from "./console-queries.ts";
import { latestRun } from "./reconcile/reconcile-words.ts";
import { type SignName, Tag, type Tone } from "./tag.tsx";
import { countWords } from "./time-words.ts";
import { BREAKER_WORDS } from "./warehouse/breaker-words.ts";

/** What an operator wants to know whatever they are looking at. What is not known is not shown. */
export function ConsoleStatus() {
  const open = openTasks(useQuery(metricsQuery).data?.tasks.byStatus);
  const breaker = useQuery(breakerQuery).data?.state;
  const faults = useQuery(chaosQuery).data?.active.length;
  const books = useQuery(reconcileStateQuery).data;
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
      {books !== undefined && <Books state={books} />}
    </ul>
  );
}

function Books({ state }: { state: ReconcileState }) {
  const run = latestRun(state);
  if (!state.ok) {
    return (
      <Item tone="bad" sign="failed">
        Does not add up
      </Item>
    );
  }
  return (
    <Item tone="quiet" sign={run ? "done" : "waiting"}>
      {run ? (
        <span>
          Adds up · checked <Ago at={run.startedAt} />
        </span>
      ) : (
        "Never checked"
      )}
    </Item>
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
