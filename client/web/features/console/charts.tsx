import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { Metrics } from "../../../../shared/operations.ts";
import { clockWords } from "../../app/moment-words.ts";
import { ChartReading } from "./chart-reading.tsx";
import { type ChartName, SERIES } from "./chart-series.ts";
import { countWords } from "./time-words.ts";

/*
 * Loaded when it is first looked at: the library that draws is larger than all the rest of the console. What the charts
 * show stands in words beside them, so they are hidden from those who cannot see them.
 */

/** One of the charts over the last minutes. */
export function Chart({ name, metrics }: { name: ChartName; metrics: Metrics }) {
  return (
    <div aria-hidden="true" className="h-48 text-xs">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={metrics.points} accessibilityLayer={false} margin={MARGIN} barCategoryGap="12%">
          <CartesianGrid vertical={false} stroke="var(--color-line)" />
          <XAxis
            dataKey="at"
            tickFormatter={minuteWords}
            minTickGap={48}
            tickLine={false}
            axisLine={{ stroke: "var(--color-edge)" }}
            tick={TICK}
          />
          <YAxis
            width={34}
            allowDecimals={false}
            tickFormatter={countWords}
            tickLine={false}
            axisLine={false}
            tick={TICK}
          />
          <Tooltip
            content={(props) => <ChartReading {...props} labelWords={secondWords} valueWords={countWords} />}
            cursor={CURSOR}
            isAnimationActive={false}
          />
          {SERIES[name].map((series) =>
            series.isLine ? (
              <Line
                key={series.key}
                dataKey={series.key}
                name={series.words}
                type="stepAfter"
                stroke={series.colour}
                strokeWidth={2.5}
                dot={false}
                isAnimationActive={false}
              />
            ) : (
              <Bar
                key={series.key}
                dataKey={series.key}
                name={series.words}
                stackId="all"
                fill={series.colour}
                isAnimationActive={false}
              />
            ),
          )}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function secondWords(at: string): string {
  return clockWords(at, "seconds");
}

function minuteWords(at: string): string {
  return clockWords(at);
}

const MARGIN = { top: 6, right: 4, bottom: 0, left: 0 };
const TICK = { fill: "var(--color-muted)" };
const CURSOR = { fill: "var(--color-sunken)", stroke: "var(--color-edge)" };
