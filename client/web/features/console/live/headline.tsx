import type { ReactNode } from "react";
import type { SaleFigures } from "../../../../../shared/figures.ts";
import { When } from "../../../components/when.tsx";
import { STATES } from "../sales/sale-state.tsx";
import { Tag } from "../tag.tsx";
import { useNowMs } from "../use-now.ts";
import { clockLeft } from "./live-words.ts";

/** Which sale it is, how it stands, and how long that lasts. */
export function Headline({ figures, children }: { figures: SaleFigures; children: ReactNode }) {
  const { name, status, startsAt, endsAt } = figures;
  const { words, tone, sign } = STATES[status];
  return (
    <header className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h2 className="poster text-3xl wrap-anywhere group-data-full:text-[max(1.875rem,3.4vw)]">{name}</h2>
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <Tag tone={tone} sign={sign}>
            {words}
          </Tag>
          {status === "scheduled" && <Left words="starts in" at={startsAt} />}
          {(status === "live" || status === "paused") && <Left words="ends in" at={endsAt} />}
          {(status === "ended" || status === "cancelled") && (
            <span className="text-muted">
              <When at={startsAt} /> to <When at={endsAt} />
            </span>
          )}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </header>
  );
}

function Left({ words, at }: { words: string; at: string }) {
  const nowMs = useNowMs();
  return (
    <span role="timer" className="figures font-semibold group-data-full:text-[max(1rem,1.8vw)]">
      {words} {clockLeft(Date.parse(at) - nowMs)}
    </span>
  );
}
