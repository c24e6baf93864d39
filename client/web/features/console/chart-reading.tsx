import type { TooltipContentProps } from "recharts";

/** The numbers of a chart under the pointer. */
export function ChartReading({ active, payload, label, labelWords, valueWords }: ChartReadingProps) {
  if (!active || payload.length === 0) return null;
  return (
    <div className="rounded-md bg-surface px-3 py-2 text-sm text-ink shadow-lg ring-1 ring-line">
      <p className="figures font-semibold">{labelWords(String(label))}</p>
      {payload.map(({ dataKey, name, value }) => (
        <p key={String(dataKey)} className="figures flex justify-between gap-x-4">
          <span>{name}</span>
          <span className="font-semibold">{valueWords(Number(value))}</span>
        </p>
      ))}
    </div>
  );
}

interface ChartReadingProps extends TooltipContentProps {
  /** Of what stands on the axis below. */
  readonly labelWords: (label: string) => string;
  readonly valueWords: (value: number) => string;
}
