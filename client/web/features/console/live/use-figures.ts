import { useEffect, useState, useSyncExternalStore } from "react";
import type { SaleFigures } from "../../../../../shared/figures.ts";
import { serverClock } from "../../../app/server-clock.ts";
import { watchingClient } from "../watching-client.ts";

/**
 * The figures of a sale as they come, and how they come. After a lost connection the last ones stay, and the stream goes on by
 * itself; what cannot come at all is an error. It rests while nobody can see the page. Each sale needs a component of its own.
 */
export function useFigures(saleId: number): WatchedFigures {
  const [watched, setWatched] = useState<WatchedFigures>(NOTHING_YET);
  const [tries, setTries] = useState(0);
  const isSeen = useSyncExternalStore(subscribe, () => document.visibilityState === "visible");
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try is a stream of its own.
  useEffect(() => {
    if (!isSeen) return;
    const controller = new AbortController();
    const { signal } = controller;
    const watch = async () => {
      for await (const figures of watchingClient.figures.watch({ saleId }, { signal })) {
        serverClock.observe(figures.at);
        setWatched({ figures, error: null });
      }
    };
    watch().catch((error: Error) => {
      if (!signal.aborted) setWatched((before) => ({ ...before, error }));
    });
    return () => controller.abort();
  }, [saleId, tries, isSeen]);
  return { ...watched, retry: () => setTries(tries + 1) };
}

function subscribe(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

interface WatchedFigures {
  readonly figures?: SaleFigures;
  /** The stream has ended, and why. */
  readonly error: Error | null;
  readonly retry?: () => void;
}

const NOTHING_YET: WatchedFigures = { error: null };
