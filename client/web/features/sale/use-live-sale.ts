import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Sale } from "../../../../shared/sales.ts";
import type { WatchState } from "../../../sdk/index.ts";
import { doorbuster, queryClient } from "../../app/clients.ts";
import { saleQuery } from "../../app/queries.ts";
import { serverClock } from "../../app/server-clock.ts";
import { mergeUpdate, needsReading, newerSale } from "./merge-update.ts";
import { nextPhaseChangeMs, type SalePhase, salePhase } from "./sale-phase.ts";

/** A sale that follows the live view: stock, state and the server's clock. */
export function useLiveSale(saleId: number) {
  const query = useQuery({
    ...saleQuery(saleId),
    structuralSharing: (known, read) => newerSale(known as Sale | undefined, read as Sale),
    // The live view brings what changes often; this brings the rest, should an update have been missed.
    refetchInterval: REREAD_MS,
  });
  const serverTime = query.data?.serverTime;
  useEffect(() => {
    if (serverTime !== undefined) serverClock.observe(serverTime);
  }, [serverTime]);
  return { ...query, watchState: useWatch(saleId) };
}

/** What the sale is like now; renders again when a start or an end passes. */
export function useSalePhase(sale: Sale): SalePhase {
  const [, setPassed] = useState(0);
  const nowMs = serverClock.nowMs();
  const changeMs = nextPhaseChangeMs(sale, nowMs);
  useEffect(() => {
    if (changeMs === undefined) return;
    const waitMs = Math.min(changeMs - serverClock.nowMs() + 1, TIMER_MS_MAX);
    const timer = setTimeout(() => setPassed((count) => count + 1), Math.max(0, waitMs));
    return () => clearTimeout(timer);
  });
  return salePhase(sale, nowMs);
}

/** Watches while somebody looks: browsers give all tabs of a site six connections, and buying needs one. */
function useWatch(saleId: number): WatchState {
  const [state, setState] = useState<WatchState>("connecting");
  const isLookedAt = useIsLookedAt();
  useEffect(() => {
    if (!isLookedAt) return;
    const controller = new AbortController();
    void follow(saleId, controller.signal, setState);
    return () => controller.abort();
  }, [saleId, isLookedAt]);
  return state;
}

/** False once the tab has been in the background for a while; true again as soon as it is in front. */
function useIsLookedAt(): boolean {
  const [isLookedAt, setLookedAt] = useState(true);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onChange = () => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") setLookedAt(true);
      else timer = setTimeout(() => setLookedAt(false), BACKGROUND_MS);
    };
    onChange();
    document.addEventListener("visibilitychange", onChange);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onChange);
    };
  }, []);
  return isLookedAt;
}

async function follow(saleId: number, signal: AbortSignal, onStateChange: (state: WatchState) => void): Promise<void> {
  const { queryKey } = saleQuery(saleId);
  try {
    for await (const update of doorbuster.sales.watch({ saleId }, { signal, onStateChange })) {
      serverClock.observe(update.serverTime);
      const known = queryClient.getQueryData(queryKey);
      if (known && needsReading(known, update)) void queryClient.invalidateQueries({ queryKey });
      queryClient.setQueryData(queryKey, (sale) => sale && mergeUpdate(sale, update));
    }
  } catch {
    // A sale that cannot be watched at all: the page says so by what reading it answers.
  }
}

const REREAD_MS = 60_000;

/** Long enough to look something up in another tab without missing a change. */
const BACKGROUND_MS = 20_000;

/** Below what timers of browsers can hold. */
const TIMER_MS_MAX = 2_000_000_000;
