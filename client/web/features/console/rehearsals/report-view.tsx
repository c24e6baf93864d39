import type { ReactNode } from "react";
import { FAULTS } from "../../../../../shared/faults.ts";
import type { RehearsalReport } from "../../../../../shared/rehearsals.ts";
import { lazyPart } from "../../../components/lazy-part.tsx";
import { Skeleton } from "../../../components/skeleton.tsx";
import { REFUSAL_LABELS } from "../refusal-labels.ts";
import { countWords, lengthWords } from "../time-words.ts";
import { ANSWERS, LATENCIES } from "./chart-signs.ts";
import { Figure } from "./figure.tsx";

/** What came of a rehearsal, in figures, charts and words. */
export function ReportView({ report }: { report: RehearsalReport }) {
  const { crowd, capacity, cpu, machine, reconcile } = report;
  return (
    <div className="flex flex-col gap-6">
      <dl className="grid grid-cols-2 gap-x-3 gap-y-4 sm:grid-cols-4">
        <Figure words="units sold" value={`${countWords(report.unitsSold)} of ${countWords(report.unitsAllotted)}`} />
        <Figure
          words="until all were sold"
          value={report.soldOutAfterMs === null ? "Some are left" : lengthWords(report.soldOutAfterMs)}
        />
        <Figure words="half of all answers within" value={lengthWords(crowd.p50Ms)} />
        <Figure words="99 of 100 answers within" value={lengthWords(crowd.p99Ms)} />
        <Figure words="units sold beyond the stock" value={countWords(report.oversold)} />
        <Figure words="charged, buyer not told" value={countWords(report.doubleCharges)} />
        <Figure words="double clicks bought once" value={countWords(crowd.doubleClicks)} />
        <Figure
          words="lost answers found again"
          value={`${countWords(crowd.resolved)} of ${countWords(crowd.resolved + crowd.unresolved)}`}
        />
      </dl>
      <Part title="Answers by the second">
        <Legend signs={ANSWERS} />
        <AnswersChart points={crowd.points} />
        <p className="mt-2 text-sm text-muted">
          {countWords(crowd.requests)} requests, {countWords(crowd.answers)} answers, {countWords(busiest(report))} in
          the busiest second.
        </p>
      </Part>
      <Part title="How long answers took">
        <Legend signs={LATENCIES} />
        <LatencyChart points={crowd.points} />
        <p className="mt-2 text-sm text-muted">The slowest took {lengthWords(crowd.maxMs)}.</p>
      </Part>
      <Part title="Why nothing was bought">
        <Counts
          counts={crowd.refusals}
          words={(code) => REFUSAL_LABELS[code]}
          empty="Everybody who was answered bought."
        />
      </Part>
      {Object.keys(crowd.faults).length > 0 && (
        <Part title="Answers without a decision, each followed by another try">
          <Counts counts={crowd.faults} words={(code) => FAULTS[code].message} empty="" />
        </Part>
      )}
      <Part title="What this machine can carry">
        {capacity === null ? (
          <p>It was not measured.</p>
        ) : (
          <p>
            {capacity.best
              ? `${countWords(Math.round(capacity.best.perSecond))} purchases a second, 99 of 100 answered within ${lengthWords(capacity.best.p99Ms)}.`
              : `Nothing within ${lengthWords(capacity.p99BoundMs)}, however few came at once.`}
          </p>
        )}
        <p className="mt-1 text-sm text-muted">
          {machine.cores} cores ({machine.cpu}), {machine.memoryGb} GB, PostgreSQL {machine.postgres}. While the crowd
          bought, {Math.round(cpu.busyShare * 100)} % of their time was used; the shop itself kept{" "}
          {cpu.shopCores.toFixed(1)} cores busy.
        </p>
      </Part>
      <Part title="Reconciliation of the rehearsal's store">
        <p>
          {reconcile.ok
            ? `All ${reconcile.checks.length} checks hold.`
            : `Broken: ${reconcile.checks
                .filter(({ ok }) => !ok)
                .map(({ name }) => name)
                .join(", ")}.`}
        </p>
        <details className="mt-2">
          <summary className="w-fit cursor-pointer py-1 font-semibold">Each check</summary>
          <ul className="mt-1 space-y-1 text-sm">
            {reconcile.checks.map(({ name, ok, detail }) => (
              <li key={name}>
                <span className="font-semibold">
                  {name}: {ok ? "holds" : "broken"}
                </span>
                <span className="text-muted">. {detail}</span>
              </li>
            ))}
          </ul>
        </details>
      </Part>
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-bold">{title}</h3>
      {children}
    </section>
  );
}

/** What the colours of a chart are. */
function Legend({ signs }: { signs: readonly { readonly words: string; readonly sign: string }[] }) {
  return (
    <ul aria-hidden="true" className="mb-2 flex flex-wrap gap-x-5 gap-y-1 text-sm text-muted">
      {signs.map(({ words, sign }) => (
        <li key={words} className="flex items-center gap-x-2">
          <span className={`size-3 rounded-xs ${sign}`} />
          {words}
        </li>
      ))}
    </ul>
  );
}

/** By code, the most common first. */
function Counts<Code extends string>({ counts, words, empty }: CountsProps<Code>) {
  const codes = Object.keys(counts) as Code[];
  const entries = codes.map((code) => ({ code, count: counts[code] ?? 0 })).toSorted((a, b) => b.count - a.count);
  if (entries.length === 0) return <p className="text-muted">{empty}</p>;
  return (
    <dl className="grid w-fit grid-cols-[auto_auto] gap-x-6 gap-y-1">
      {entries.map(({ code, count }) => (
        <div key={code} className="contents">
          <dt>{words(code)}</dt>
          <dd className="figures text-right font-semibold">{countWords(count)}</dd>
        </div>
      ))}
    </dl>
  );
}

interface CountsProps<Code extends string> {
  readonly counts: Readonly<Partial<Record<Code, number>>>;
  readonly words: (code: Code) => string;
  readonly empty: string;
}

function busiest({ crowd }: RehearsalReport): number {
  return Math.max(0, ...crowd.points.map(({ purchased, refused, faults }) => purchased + refused + faults));
}

const CHART = { isForAll: false, what: "The chart", pending: <Skeleton className="h-48 w-full" /> } as const;

const AnswersChart = lazyPart(() => import("./report-charts.tsx"), "AnswersChart", CHART);
const LatencyChart = lazyPart(() => import("./report-charts.tsx"), "LatencyChart", CHART);
