import { useEffect, useRef } from "react";
import { onBackOnline, useIsOffline } from "./connection.ts";

/** While what calls this is shown, tries again: as soon as the browser is back online, and every few seconds while it is. */
export function useRetry(retry: () => void): void {
  const latest = useRef(retry);
  latest.current = retry;
  const isOffline = useIsOffline();
  useEffect(() => {
    const stopListening = onBackOnline(() => latest.current());
    const timer = isOffline ? undefined : setInterval(() => latest.current(), RETRY_MS);
    return () => {
      stopListening();
      clearInterval(timer);
    };
  }, [isOffline]);
}

/** Beyond the client's own tries, which have failed by then. */
const RETRY_MS = 5_000;
