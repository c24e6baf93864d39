import { Area, AreaChart, CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { SaleFigures } from "../../../../../shared/figures.ts";
import { clockWords } from "../../../app/moment-words.ts";
import { ChartReading } from "../chart-reading.tsx";
import { countWords } from "../time-words.ts";
import { attemptRows, leftRows, lineKey, lineLooks, OUTCOMES } from "./live-series.ts";
import { rateWords } from "./live-words.ts";

/*
 * Loaded when they are first looked at, as those of the tasks are. What they show stands in words and tables beside them, so
 * they are hidden from those who cannot see them.
 */

/** Attempts a second by what became of them, one upon the other. */
export function AttemptsChart({ figures }: { figures: SaleFigures }) {
  return (
    <div aria-hidden="true" className="h-full min-h-48 text-xs">
      <ResponsiveContainer width="100%" height="100%">
        <AreaChart data={attemptRows(figures)} accessibilityLayer={false} margin={MARGIN}>
          <CartesianGrid vertical={false} stroke="var(--color-line)" />
          <XAxis dataKey="at" {...timeAxis(figures)} />
          <YAxis {...AXIS} allowDecimals={false} tickFormatter={countWords} />
          <Tooltip
            content={(props) => <ChartReading {...props} labelWords={secondWords} valueWords={rateWords} />}
            isAnimationActive={false}
          />
          {OUTCOMES.map(({ key, words, colour }) => (
            <Area
              key={key}
              dataKey={key}
              name={words}
              type="step"
              stackId="all"
              stroke={colour}
              fill={colour}
              fillOpacity={0.75}
              isAnimationActive={false}
            />
          ))}
        </AreaChart>
      </ResponsiveContainer>
    </div>
  );
}

/** Units left, a line for each item. */
export function BurnDownChart({ figures }: { figures: SaleFigures }) {
  const looks = lineLooks(figures);
  return (
    <div aria-hidden="true" className="h-full min-h-48 text-xs">
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={leftRows(figures)} accessibilityLayer={false} margin={MARGIN}>
          <CartesianGrid vertical={false} stroke="var(--color-line)" />
          <XAxis dataKey="at" {...timeAxis(figures)} />
          <YAxis {...AXIS} allowDecimals={false} tickFormatter={countWords} domain={[0, "auto"]} />
          <Tooltip
            content={(props) => <ChartReading {...props} labelWords={secondWords} valueWords={rateWords} />}
            isAnimationActive={false}
          />
          {figures.items.map(({ id, name }) => {
            const look = looks.get(id);
            return (
              look && (
                <Line
                  key={id}
                  dataKey={lineKey(id)}
                  name={name}
                  type="stepAfter"
                  stroke={look.colour}
                  strokeDasharray={look.dash}
                  strokeWidth={2.5}
                  dot={false}
                  isAnimationActive={false}
                />
              )
            );
          })}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

function secondWords(at: string): string {
  return clockWords(at, "seconds");
}

function timeAxis({ points }: SaleFigures) {
  // A short sale is told in seconds.
  const precision = points.stepSeconds * points.attempts.purchased.length < 300 ? "seconds" : "minutes";
  return {
    tickFormatter: (at: string) => clockWords(at, precision),
    minTickGap: 56,
    tickLine: false,
    axisLine: { stroke: "var(--color-edge)" },
    tick: TICK,
  } as const;
}

const MARGIN = { top: 6, right: 4, bottom: 0, left: 0 };
const TICK = { fill: "var(--color-muted)" };
const AXIS = { width: 44, tickLine: false, axisLine: false, tick: TICK } as const;
