import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Sale } from "../../../../shared/sales.ts";
import type { WatchState } from "../../../sdk/index.ts";
import { doorbuster, queryClient } from "../../app/clients.ts";
import { openChannel } from "../../app/open-channel.ts";
import { saleQuery } from "../../app/queries.ts";
import { serverClock } from "../../app/server-clock.ts";
import { mergeUpdate, needsReading, newerSale } from "./merge-update.ts";
import { nextPhaseChangeMs, type SalePhase, salePhase } from "./sale-phase.ts";
import { SharedWatch, type WatchingTab } from "./shared-watch.ts";

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

/** Watches while somebody looks: a tab that is hidden, as each is before it is frozen, leaves the watch to the others. */
function useWatch(saleId: number): WatchState {
  const [state, setState] = useState<WatchState>("connecting");
  useEffect(() => {
    let watch: SharedWatch | undefined;
    const onChange = () => {
      watch?.leave();
      if (document.visibilityState === "visible") watch = new SharedWatch(saleId, watchingTab(saleId, setState));
    };
    onChange();
    document.addEventListener("visibilitychange", onChange);
    return () => {
      document.removeEventListener("visibilitychange", onChange);
      watch?.leave();
    };
  }, [saleId]);
  return state;
}

function watchingTab(saleId: number, onStateChange: (state: WatchState) => void): WatchingTab {
  const { queryKey } = saleQuery(saleId);
  const read = () => void queryClient.invalidateQueries({ queryKey }, { cancelRefetch: false });
  return {
    onStateChange,
    onUpdate(update) {
      serverClock.observe(update.serverTime);
      const known = queryClient.getQueryData(queryKey);
      if (known && needsReading(known, update)) read();
      queryClient.setQueryData(queryKey, (sale) => sale && mergeUpdate(sale, update));
    },
    onMissed: read,
    watch: doorbuster.sales.watch,
    openChannel: () => openChannel("live"),
    random: Math.random,
  };
}

const REREAD_MS = 60_000;

/** Below what timers of browsers can hold. */
const TIMER_MS_MAX = 2_000_000_000;
