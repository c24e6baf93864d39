import {
  Bar,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Tooltip,
  type TooltipContentProps,
  XAxis,
  YAxis,
} from "recharts";
import type { RehearsalPoint } from "../../../../../shared/rehearsals.ts";
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
            content={(props) => <Reading {...props} words={words} />}
            cursor={CURSOR}
            isAnimationActive={false}
          />
          {children}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

/** The numbers under the pointer. */
function Reading({ active, payload, label, words }: TooltipContentProps & Pick<SecondsProps, "words">) {
  if (!active || payload.length === 0) return null;
  return (
    <div className="rounded-md bg-surface px-3 py-2 text-sm text-ink shadow-lg ring-1 ring-line">
      <p className="figures font-semibold">second {String(label)}</p>
      {payload.map(({ dataKey, name, value }) => (
        <p key={String(dataKey)} className="figures flex justify-between gap-x-4">
          <span>{name}</span>
          <span className="font-semibold">{words(Number(value))}</span>
        </p>
      ))}
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
