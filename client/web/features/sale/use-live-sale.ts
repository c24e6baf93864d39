import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Sale } from "../../../../shared/sales.ts";
import type { WatchState } from "../../../sdk/types.ts";
import { doorbuster, queryClient } from "../../app/clients.ts";
import { noteReachable } from "../../app/connection.ts";
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

function useWatch(saleId: number): WatchState {
  const [state, setState] = useState<WatchState>("connecting");
  useEffect(() => {
    const controller = new AbortController();
    void follow(saleId, controller.signal, setState);
    return () => controller.abort();
  }, [saleId]);
  return state;
}

async function follow(saleId: number, signal: AbortSignal, onStateChange: (state: WatchState) => void): Promise<void> {
  const { queryKey } = saleQuery(saleId);
  try {
    for await (const update of doorbuster.sales.watch({ saleId }, { signal, onStateChange })) {
      noteReachable();
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
const TIMER_MS_MAX = 2_000_000_000;
