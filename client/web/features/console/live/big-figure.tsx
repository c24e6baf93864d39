import type { ReactNode } from "react";

/** One figure that can be read from across a room, with what it is and what belongs to it. */
export function BigFigure({ title, value, about }: BigFigureProps) {
  return (
    <div className="@container flex min-w-0 flex-col rounded-xl bg-surface px-4 py-3 ring-1 ring-line">
      <dt className="text-sm leading-tight font-semibold text-muted group-data-full:text-[max(0.875rem,1.3vw)]">
        {title}
      </dt>
      <dd
        className={`poster figures mt-1.5 whitespace-nowrap ${value.length > SHORT_MAX ? "text-[clamp(1rem,14cqw,7rem)]" : "text-[clamp(1.75rem,23cqw,8rem)]"}`}
      >
        {value}
      </dd>
      {about && (
        <dd className="figures mt-1.5 text-sm leading-snug text-muted group-data-full:text-[max(0.875rem,1.1vw)]">
          {about}
        </dd>
      )}
    </div>
  );
}

/** As many characters as fit at the larger size. */
const SHORT_MAX = 7;

interface BigFigureProps {
  readonly title: string;
  readonly value: string;
  readonly about?: ReactNode;
}
