import { useEffect, useRef } from "react";
import { stockWords } from "./stock-words.ts";

/** How much is left, in words and as a bar. It moves with the live view and is not announced at every step. */
export function StockBar({ name, remaining, allotted }: { name: string; remaining: number; allotted: number }) {
  const { text, level, fraction } = stockWords({ remaining, allotted });
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Through the style object: the content security policy forbids style attributes.
    if (bar.current) bar.current.style.transform = `scaleX(${fraction})`;
  }, [fraction]);
  const isWarning = level === "low" || level === "last";
  return (
    <div>
      <p
        className={`figures mb-1.5 text-[0.95rem] font-semibold ${isWarning ? "text-hot" : level === "gone" ? "text-muted" : ""}`}
      >
        {text}
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
          className={`h-full origin-left scale-x-0 rounded-full transition-transform duration-500 ease-out ${isWarning ? "bg-hot" : "bg-ink"}`}
        />
      </div>
    </div>
  );
}
