import type { SaleFigures } from "../../../../../shared/figures.ts";
import { euros } from "../../../components/money.tsx";
import { countWords, lengthWords } from "../time-words.ts";
import { BigFigure } from "./big-figure.tsx";
import { attemptsPerSecond, rateWords } from "./live-words.ts";

/** What one wants to know of a sale at a glance. The second row is of the server that answers, and says so. */
export function LiveFigures({ figures }: { figures: SaleFigures }) {
  const { items, soldUnits, unmetUnits, takenCents, refundedCents, perSecond, attempts, server } = figures;
  const left = items.reduce((sum, { remaining }) => sum + remaining, 0);
  const attempted = Object.values(attempts).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <dl aria-label="The sale" className={GRID}>
        <BigFigure
          title="Attempts a second"
          value={rateWords(attemptsPerSecond(figures))}
          about={`${countWords(attempted)} in all`}
        />
        <BigFigure
          title="Units sold"
          value={countWords(soldUnits)}
          about={`${countWords(left)} left, ${rateWords(perSecond.purchased)} sales a second`}
        />
        <BigFigure
          title="Money taken"
          value={euros(takenCents)}
          about={refundedCents > 0 ? `${euros(refundedCents)} of it given back` : "nothing given back"}
        />
        <BigFigure title="Demand not met" value={countWords(unmetUnits)} about="units asked for in vain, at each try" />
      </dl>
      <dl aria-label="This server" className={GRID}>
        <BigFigure
          title="Waiting in queues"
          value={countWords(server.waiting)}
          about={`${countWords(server.longest)} in the longest`}
        />
        <BigFigure title="Viewers" value={countWords(server.viewers)} about="watching stock here" />
        <BigFigure title="Half are answered within" value={tookWords(server.p50Ms)} about="p50 of the last 10 s" />
        <BigFigure title="99 of 100 within" value={tookWords(server.p99Ms)} about="p99 of the last 10 s" />
      </dl>
      <p className="text-sm text-muted">
        Queues, viewers and answers are those of the server that this page talks to ({server.name}); each further start
        counts its own. All else is of the whole shop.
      </p>
    </>
  );
}

const GRID = "grid grid-cols-2 gap-3 md:grid-cols-4";

function tookWords(ms: number | null): string {
  return ms === null ? "–" : lengthWords(ms);
}
