import { useEffect, useState } from "react";
import type { WatchState } from "../../../sdk/index.ts";
import { useIsOffline } from "../../app/connection.ts";
import { Spinner } from "../../components/spinner.tsx";

/** Says that the live view is lost, once it has been for more than a moment. Offline has a banner of its own. */
export function WatchBanner({ state }: { state: WatchState }) {
  const isLost = useIsLasting(state === "reconnecting", PATIENCE_MS);
  const isOffline = useIsOffline();
  return (
    <div role="status" className="sticky top-0 z-20 print:hidden">
      {isLost && !isOffline && (
        <p className="flex items-center justify-center gap-3 bg-badge px-4 py-2.5 text-center font-medium text-badge-ink">
          <Spinner /> The live view was lost. Reconnecting…
        </p>
      )}
    </div>
  );
}

function useIsLasting(value: boolean, ms: number): boolean {
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!value) return;
    const timer = setTimeout(() => setLasting(true), ms);
    return () => {
      clearTimeout(timer);
      setLasting(false);
    };
  }, [value, ms]);
  return isLasting;
}

/** A connection that is back within it was not missed. */
const PATIENCE_MS = 1_000;
