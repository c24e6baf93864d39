import { type ReactNode, useRef } from "react";
import type { SaleFigures } from "../../../../../shared/figures.ts";
import { Button } from "../../../components/button.tsx";
import { lazyPart } from "../../../components/lazy-part.tsx";
import { Skeleton } from "../../../components/skeleton.tsx";
import { Panel } from "../panel.tsx";
import { REFUSAL_LABELS } from "../refusal-labels.ts";
import { countWords } from "../time-words.ts";
import { CalmSummary } from "./calm-summary.tsx";
import { Headline } from "./headline.tsx";
import { ItemLegend, ItemTable } from "./item-table.tsx";
import { LiveFigures } from "./live-figures.tsx";
import { OUTCOMES } from "./live-series.ts";
import { stepWords } from "./live-words.ts";
import { StaleWarning } from "./stale-warning.tsx";
import { useFullScreen } from "./use-full-screen.ts";

/** A sale as it runs, on a page or on a whole screen. */
export function LiveView({ figures, links }: { figures: SaleFigures; links: ReactNode }) {
  const root = useRef<HTMLDivElement>(null);
  const { isFull, isThere, toggle } = useFullScreen(root);
  return (
    <div
      ref={root}
      data-full={isFull || undefined}
      className="group grid content-start gap-4 bg-paper data-full:overflow-y-auto data-full:p-[2vw]"
    >
      <Headline figures={figures}>
        {!isFull && links}
        {isThere && (
          <Button look="plain" onClick={toggle} title={isFull ? "Escape does so, too" : undefined}>
            {isFull ? "Leave full screen" : "Full screen"}
          </Button>
        )}
      </Headline>
      <StaleWarning figures={figures} />
      <CalmSummary figures={figures} />
      <LiveFigures figures={figures} />
      <div className="grid gap-4 lg:grid-cols-2">
        <Panel title="Attempts a second" aside={<PointWords figures={figures} />}>
          <OutcomeTotals figures={figures} />
          <div className="h-56 group-data-full:h-[30vh]">
            <Drawn figures={figures} chart={AttemptsChart} />
          </div>
        </Panel>
        <Panel title="Units left" aside={<PointWords figures={figures} />}>
          <ItemLegend figures={figures} />
          <div className="h-56 grow group-data-full:h-[30vh]">
            <Drawn figures={figures} chart={BurnDownChart} />
          </div>
        </Panel>
      </div>
      <Panel title="Items">
        <ItemTable figures={figures} />
      </Panel>
      <Panel title="Why attempts were refused">
        <Refusals figures={figures} />
      </Panel>
    </div>
  );
}

function PointWords({ figures: { points } }: { figures: SaleFigures }) {
  return <p className="figures text-sm text-muted">each point {stepWords(points.stepSeconds)}</p>;
}

function Drawn({ figures, chart: Chart }: { figures: SaleFigures; chart: typeof AttemptsChart }) {
  if (figures.points.attempts.purchased.length > 0) return <Chart figures={figures} />;
  return (
    <p className="grid h-full place-content-center rounded-md bg-sunken px-4 text-center text-muted">
      It is drawn as soon as the sale begins.
    </p>
  );
}

/** The legend, with what each came to in all. */
function OutcomeTotals({ figures }: { figures: SaleFigures }) {
  return (
    <dl className="mb-3 flex flex-wrap gap-x-5 gap-y-1">
      {OUTCOMES.map(({ key, words, sign }) => (
        <div key={key} className="flex items-baseline gap-x-2">
          <dt className="flex items-center gap-x-2 text-sm text-muted">
            <span aria-hidden="true" className={`size-3 rounded-xs ${sign}`} />
            {words}
          </dt>
          <dd className="figures text-lg leading-none font-bold narrow">{countWords(figures.attempts[key])}</dd>
        </div>
      ))}
    </dl>
  );
}

function Refusals({ figures: { refusals } }: { figures: SaleFigures }) {
  if (refusals.length === 0) return <p className="text-muted">Nobody was refused so far.</p>;
  return (
    <ul>
      {refusals.map(({ code, attempts }) => (
        <li key={code} className="flex justify-between gap-x-4 border-b border-line py-2 last:border-0">
          <span>{REFUSAL_LABELS[code]}</span>
          <span className="figures font-semibold">{countWords(attempts)}</span>
        </li>
      ))}
    </ul>
  );
}

const CHART = { isForAll: false, what: "The chart", pending: <Skeleton className="h-48 w-full" /> };
const AttemptsChart = lazyPart(() => import("./live-charts.tsx"), "AttemptsChart", CHART);
const BurnDownChart = lazyPart(() => import("./live-charts.tsx"), "BurnDownChart", CHART);
