import type { SaleFigures } from "../../../../../shared/figures.ts";
import { distanceWords } from "../time-words.ts";
import { useNowMs } from "../use-now.ts";

/** Figures that stand still look like a sale that stands still: says so when they are old, or when some are missing. */
export function StaleWarning({ figures: { at, isComplete } }: { figures: SaleFigures }) {
  const nowMs = useNowMs();
  const isOld = nowMs - Date.parse(at) > OLD_MS;
  return (
    <div role="status" className="empty:hidden">
      {isOld && (
        <p className={WARNING}>
          <b>Out of date.</b> These figures are of {distanceWords(Date.parse(at), nowMs)}. The page keeps trying to
          connect.
        </p>
      )}
      {!isOld && !isComplete && (
        <p className={WARNING}>
          <b>Not everything is counted yet.</b> The worker that counts is behind or does not run: totals are lower than
          they are.
        </p>
      )}
    </div>
  );
}

/** Several updates did not come. */
const OLD_MS = 5_000;

const WARNING = "rounded-md border-l-4 border-hot bg-hot-soft px-4 py-3 text-hot";
