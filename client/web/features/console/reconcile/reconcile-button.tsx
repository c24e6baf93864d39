import { Button } from "../../../components/button.tsx";
import { lengthWords } from "../time-words.ts";
import { useNowMs } from "../use-now.ts";
import { useReconcile } from "./use-reconcile.ts";

/** Has everything checked, and says that it goes on, how long by now, and what came of it. */
export function ReconcileButton() {
  const { start, sinceMs, error, found } = useReconcile();
  const isRunning = sinceMs !== undefined;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button busy={isRunning} onClick={start}>
        Check everything again
      </Button>
      <p className="text-sm leading-snug">
        <span role="status">
          {isRunning && "Everything is being checked. With much to look at this takes minutes."}
          {!isRunning && error && `It could not be checked. ${error.message}`}
          {!isRunning && !error && found && (found.ok ? "Everything adds up." : "It is still broken.")}
        </span>
        {sinceMs !== undefined && <Elapsed sinceMs={sinceMs} />}
      </p>
    </div>
  );
}

/** Not read out each second: the words before it say that it goes on. */
function Elapsed({ sinceMs }: { sinceMs: number }) {
  useNowMs();
  const seconds = Math.max(0, Math.floor((Date.now() - sinceMs) / 1_000));
  if (seconds === 0) return null;
  return (
    <span aria-hidden="true" className="figures font-semibold">
      {" "}
      {lengthWords(seconds * 1_000)}
    </span>
  );
}
