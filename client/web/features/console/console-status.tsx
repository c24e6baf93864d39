import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Metrics, ReconcileState } from "../../../../shared/operations.ts";
import { Ago } from "./ago.tsx";
import { breakerQuery, chaosQuery, metricsQuery, reconcileStateQuery } from "./console-queries.ts";
import { latestRun } from "./reconcile/reconcile-words.ts";
import { type SignName, Tag, type Tone } from "./tag.tsx";
import { countWords } from "./time-words.ts";
import { BREAKER_WORDS } from "./warehouse/breaker-words.ts";

/** What an operator wants to know whatever they are looking at. What is not known is not shown. */
export function ConsoleStatus({ renderFailedLink, renderBooksLink }: ConsoleStatusProps) {
  const tasks = useQuery(metricsQuery).data?.tasks;
  const open = tasks && openTasks(tasks);
  const breaker = useQuery(breakerQuery).data?.state;
  const faults = useQuery(chaosQuery).data?.active.length;
  const books = useQuery(reconcileStateQuery).data;
  return (
    <ul aria-label="At a glance" className="flex min-h-6 flex-wrap gap-x-2 gap-y-1.5">
      {open !== undefined && (
        <Item tone={open > 0 ? "plain" : "quiet"} sign="waiting">
          {open === 1 ? "1 task open" : `${countWords(open)} tasks open`}
        </Item>
      )}
      {tasks !== undefined && tasks.needOperator > 0 && (
        <Item tone="bad" sign="failed">
          {renderFailedLink(
            tasks.needOperator === 1 ? "1 task needs you" : `${countWords(tasks.needOperator)} tasks need you`,
          )}
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
      {books !== undefined && <Books state={books} renderLink={renderBooksLink} />}
    </ul>
  );
}

function Books({ state, renderLink }: BooksProps) {
  const run = latestRun(state);
  if (!state.ok) {
    return (
      <Item tone="bad" sign="failed">
        {renderLink("Does not add up")}
      </Item>
    );
  }
  return (
    <Item tone="quiet" sign={run ? "done" : "waiting"}>
      {run ? (
        <span>
          {renderLink("Adds up")} · checked <Ago at={run.startedAt} />
        </span>
      ) : (
        renderLink("Never checked")
      )}
    </Item>
  );
}

function Item({ tone, sign, children }: { tone: Tone; sign: SignName; children: ReactNode }) {
  return (
    <li className="relative">
      <Tag tone={tone} sign={sign}>
        {children}
      </Tag>
    </li>
  );
}

/** What a worker will go on with by itself. */
function openTasks({ byStatus, needOperator }: Metrics["tasks"]): number {
  const { PENDING = 0, PROCESSING = 0, FAILED = 0 } = byStatus;
  return PENDING + PROCESSING + FAILED - needOperator;
}

interface ConsoleStatusProps {
  /** A way to the tasks that have failed. */
  readonly renderFailedLink: (words: string) => ReactNode;
  /** A way to what was checked. */
  readonly renderBooksLink: (words: string) => ReactNode;
}

interface BooksProps {
  readonly state: ReconcileState;
  readonly renderLink: ConsoleStatusProps["renderBooksLink"];
}
