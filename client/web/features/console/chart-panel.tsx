import { useQuery } from "@tanstack/react-query";
import { lazyPart } from "../../components/lazy-part.tsx";
import { Skeleton } from "../../components/skeleton.tsx";
import { type ChartName, minutesCovered, SERIES, seriesTotal } from "./chart-series.ts";
import { metricsQuery } from "./console-queries.ts";
import { Found, Panel } from "./panel.tsx";
import { countWords } from "./time-words.ts";

/** The last minutes of the sale, or of its fulfilment: drawn, and added up in words. */
export function ChartPanel({ name }: { name: ChartName }) {
  const query = useQuery(metricsQuery);
  return (
    <Panel
      title={TITLES[name]}
      aside={query.data && <p className="figures text-sm text-muted">last {minutesCovered(query.data)} min</p>}
    >
      <Found query={query} what="the chart" skeleton="h-57">
        {(metrics) => (
          <>
            <dl className="mb-3 flex flex-wrap gap-x-5 gap-y-1">
              {SERIES[name].map((series) => (
                <div key={series.key} className="flex items-baseline gap-x-2">
                  <dt className="flex items-center gap-x-2 text-sm text-muted">
                    <span
                      aria-hidden="true"
                      className={`size-3 ${series.isLine ? LINE : "rounded-xs"} ${series.sign}`}
                    />
                    {series.words}
                    {series.isLine && <span className="sr-only"> now</span>}
                  </dt>
                  <dd className="figures text-lg leading-none font-bold narrow">
                    {countWords(seriesTotal(metrics.points, series))}
                  </dd>
                </div>
              ))}
            </dl>
            <div className="mt-auto min-h-48">
              <Chart name={name} metrics={metrics} />
            </div>
          </>
        )}
      </Found>
    </Panel>
  );
}

const Chart = lazyPart(() => import("./charts.tsx"), "Chart", {
  isForAll: false,
  what: "The chart",
  pending: <Skeleton className="h-48 w-full" />,
});

/** As high as the other signs, all of them being aligned by their lower edges, and mostly see-through. */
const LINE = "border-y-4 border-transparent bg-clip-padding";

const TITLES: Record<ChartName, string> = { purchases: "Sales", tasks: "Fulfilment" };
