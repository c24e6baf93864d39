import { useEffect, useState } from "react";
import type { SaleFigures } from "../../../../../shared/figures.ts";
import { serverClock } from "../../../app/server-clock.ts";
import { watchingClient } from "../watching-client.ts";

/**
 * The figures of a sale as they come, and how they come. After a lost connection the last ones stay, and the stream goes on by
 * itself; what cannot come at all is an error.
 */
export function useFigures(saleId: number): WatchedFigures {
  const [watched, setWatched] = useState<WatchedFigures>(NOTHING_YET);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try is a stream of its own.
  useEffect(() => {
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
    return () => {
      controller.abort();
      setWatched(NOTHING_YET);
    };
  }, [saleId, tries]);
  return { ...watched, retry: () => setTries(tries + 1) };
}

interface WatchedFigures {
  readonly figures?: SaleFigures;
  /** The stream has ended, and why. */
  readonly error: Error | null;
  readonly retry?: () => void;
}

const NOTHING_YET: WatchedFigures = { error: null };
