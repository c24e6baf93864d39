import { type ReactNode, useEffect, useRef } from "react";
import { stockWords } from "./stock-words.ts";

/** How much is left, in words and as a bar. It moves with the live view and is not announced at every step. */
export function StockBar({ name, remaining, allotted, children }: StockBarProps) {
  const { text, level, fraction } = stockWords({ remaining, allotted });
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Through the style object: the content security policy forbids style attributes.
    if (bar.current) bar.current.style.transform = `scaleX(${fraction})`;
  }, [fraction]);
  const isWarning = level === "low" || level === "last";
  return (
    <div>
      <p className="mb-1.5 flex flex-wrap items-baseline justify-between gap-x-4 text-[0.95rem]">
        <span className={`figures font-semibold ${isWarning ? "text-hot" : level === "gone" ? "text-muted" : ""}`}>
          {text}
        </span>
        <span className="text-sm text-muted">{children}</span>
      </p>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw <meter> in their own ways and do not let it move. */}
      <div
        role="meter"
        aria-label={`Stock of ${name}`}
        aria-valuemin={0}
        aria-valuemax={Math.max(allotted, 1)}
        aria-valuenow={Math.min(Math.max(remaining, 0), Math.max(allotted, 1))}
        aria-valuetext={text}
        className="h-2 overflow-hidden rounded-full bg-sunken"
      >
        <div
          ref={bar}
          className={`h-full origin-left [transform:scaleX(0)] rounded-full transition-transform duration-500 ease-out ${isWarning ? "bg-hot" : "bg-ink"}`}
        />
      </div>
    </div>
  );
}

interface StockBarProps {
  readonly name: string;
  readonly remaining: number;
  readonly allotted: number;
  /** Stands at the end of the line. */
  readonly children: ReactNode;
}
