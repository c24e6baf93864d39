import { Bar, CartesianGrid, ComposedChart, Line, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import type { RehearsalPoint } from "../../../../../shared/rehearsals.ts";
import { ChartReading } from "../chart-reading.tsx";
import { countWords, lengthWords } from "../time-words.ts";
import { ANSWERS, LATENCIES } from "./chart-signs.ts";

/*
 * Loaded when they are first looked at, as those of the tasks are. What they show stands in words beside them, so they are
 * hidden from those who cannot see them.
 */

/** Answers a second by what they said, one upon the other. */
export function AnswersChart({ points }: ChartProps) {
  return (
    <SecondsChart points={points} words={countWords}>
      {ANSWERS.map(({ key, words, colour }) => (
        <Bar key={key} dataKey={key} name={words} stackId="all" fill={colour} isAnimationActive={false} />
      ))}
    </SecondsChart>
  );
}

/** Within how long half of them, and 99 of 100, were there. */
export function LatencyChart({ points }: ChartProps) {
  return (
    <SecondsChart points={points} words={lengthWords}>
      {LATENCIES.map(({ key, words, colour }) => (
        <Line
          key={key}
          dataKey={key}
          name={words}
          type="stepAfter"
          stroke={colour}
          strokeWidth={2.5}
          dot={false}
          isAnimationActive={false}
        />
      ))}
    </SecondsChart>
  );
}

function SecondsChart({ points, words, children }: SecondsProps) {
  return (
    <div aria-hidden="true" className="h-48 text-xs">
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart data={[...points]} accessibilityLayer={false} margin={MARGIN} barCategoryGap="8%">
          <CartesianGrid vertical={false} stroke="var(--color-line)" />
          <XAxis
            dataKey="second"
            tickFormatter={(second: number) => `${second} s`}
            minTickGap={36}
            tickLine={false}
            axisLine={{ stroke: "var(--color-edge)" }}
            tick={TICK}
          />
          <YAxis width={52} tickFormatter={words} tickLine={false} axisLine={false} tick={TICK} />
          <Tooltip
            content={(props) => (
              <ChartReading {...props} labelWords={(second) => `second ${second}`} valueWords={words} />
            )}
            cursor={CURSOR}
            isAnimationActive={false}
          />
          {children}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

const MARGIN = { top: 6, right: 4, bottom: 0, left: 0 };
const TICK = { fill: "var(--color-muted)" };
const CURSOR = { fill: "var(--color-sunken)", stroke: "var(--color-edge)" };

interface ChartProps {
  readonly points: readonly RehearsalPoint[];
}

interface SecondsProps extends ChartProps {
  /** A value for people. */
  readonly words: (value: number) => string;
  readonly children: React.ReactNode;
}
