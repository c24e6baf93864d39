import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Verdict } from "../../../../../shared/operations.ts";
import { When } from "../../../components/when.tsx";
import { Ago } from "../ago.tsx";
import { verdictQuery } from "../console-queries.ts";
import { Found, Panel } from "../panel.tsx";
import { ShareBar } from "../share-bar.tsx";
import { countWords, lengthWords } from "../time-words.ts";
import { FAULT_WORDS } from "./fault-words.ts";
import { type VerdictWords, verdictWords } from "./verdict-words.ts";

/** What the latest run of faults did to what was sold: counted, and compared with the warehouse one by one. */
export function VerdictPanel() {
  const query = useQuery(verdictQuery);
  return (
    <Panel title="Verdict">
      <Found query={query} what="the verdict" skeleton="h-72">
        {(verdict) => (verdict === null ? <NoRun /> : <Run verdict={verdict} />)}
      </Found>
    </Panel>
  );
}

function NoRun() {
  return (
    <p className="rounded-md bg-sunken px-4 py-8 text-center text-muted">
      No fault was ever switched on. Start one while people buy, and read here what became of their purchases.
    </p>
  );
}

function Run({ verdict }: { verdict: Verdict }) {
  const { title, tone } = verdictWords(verdict);
  return (
    <>
      <div role="status" className={`rounded-lg px-4 py-3.5 ${GROUNDS[tone]}`}>
        <p className="poster text-3xl uppercase">{title}</p>
        <p className="mt-1.5 text-sm leading-snug">{summary(verdict)}</p>
      </div>
      {verdict.counts && <Counts counts={verdict.counts} />}
      {verdict.isPartial && <p className="mt-1 text-sm text-muted">There were more; the latest are left out.</p>}
      <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 border-t border-line pt-4 text-[0.95rem]">
        <Fact name="Recovered">
          {verdict.recoveredAfterMs === null
            ? "not yet"
            : `${lengthWords(verdict.recoveredAfterMs)} after the last fault`}
        </Fact>
        <Fact name="Stock agrees">{AGREES[String(verdict.agrees)]}</Fact>
        <Fact name="Faults">{verdict.faults.map((fault) => FAULT_WORDS[fault].name).join(", ")}</Fact>
        <Fact name="Began">
          <When at={verdict.startedAt} /> · <Ago at={verdict.startedAt} />
        </Fact>
        <Fact name="Last fault ends">
          <When at={verdict.endsAt} /> · <Ago at={verdict.endsAt} />
        </Fact>
      </dl>
    </>
  );
}

function Counts({ counts }: { counts: NonNullable<Verdict["counts"]> }) {
  return (
    <>
      <dl className="mt-4 grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
        <Count name="Dispatched" count={counts.dispatched} look="text-good" />
        <Count name="Waiting" count={counts.waiting} />
        <Count name="Lost" count={counts.lost} look={counts.lost > 0 ? "text-hot" : ""} />
        <Count name="Doubled" count={counts.doubled} look={counts.doubled > 0 ? "text-hot" : ""} />
      </dl>
      <ShareBar
        total={counts.tasks}
        className="mt-4 h-3"
        parts={[
          { name: "dispatched", count: counts.dispatched, fill: "fill-good" },
          { name: "refused", count: counts.refused, fill: "fill-edge" },
          { name: "waiting", count: counts.waiting, fill: "fill-flag" },
          { name: "lost", count: counts.lost, fill: "fill-hot" },
        ]}
      />
      <p className="figures mt-2 text-sm text-muted">
        {countWords(counts.tasks)} dispatches looked at, {countWords(counts.refused)} refused with money and units given
        back, {countWords(counts.cancelled)} cancelled.
      </p>
    </>
  );
}

function Count({ name, count, look = "" }: { name: string; count: number; look?: string }) {
  return (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-muted">{name}</dt>
      <dd className={`figures poster text-4xl ${look}`}>{countWords(count)}</dd>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="font-medium">{children}</dd>
    </>
  );
}

function summary({ counts }: Verdict): string {
  if (counts === null) return "It cannot be asked right now what it did. Nothing is counted until it answers.";
  const { dispatched, lost, doubled, waiting } = counts;
  return `${countWords(dispatched)} dispatched, ${countWords(lost)} lost, ${countWords(doubled)} doubled, ${countWords(waiting)} waiting.`;
}

const AGREES: Readonly<Record<string, string>> = {
  true: "yes, product by product",
  false: "no",
  null: "not known until the warehouse answers",
};

const GROUNDS: Record<VerdictWords["tone"], string> = {
  good: "bg-good-soft text-good",
  bad: "bg-hot-soft text-hot",
  plain: "bg-sunken text-ink",
};
