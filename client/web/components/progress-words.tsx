import { useEffect, useState } from "react";
import { useIsOffline } from "../app/connection.ts";
import type { Progress } from "../app/intent-runner.ts";
import { retryWords } from "../app/retry-words.ts";

/** Says what the page is doing about a purchase or an order that has no decision yet. Silent while all is well. */
export function ProgressWords({ what, isPending, progress }: ProgressWordsProps) {
  const isOffline = useIsOffline();
  const retry = progress?.phase === "retrying" ? progress : undefined;
  const isUnderWay = useHasPassed(retry);
  if (!isPending || progress?.phase === "stuck") return null;
  if (isOffline) return `You are offline. Your ${what} is kept, and goes on by itself when you are back.`;
  return retry ? retryWords({ reason: retry.reason, delayMs: isUnderWay ? 0 : retry.delayMs }) : null;
}

/** Whether the wait for the next try is over. */
function useHasPassed(retry: { readonly delayMs: number } | undefined): boolean {
  const [passed, setPassed] = useState<object>();
  useEffect(() => {
    if (!retry) return;
    const timer = setTimeout(() => setPassed(retry), retry.delayMs);
    return () => clearTimeout(timer);
  }, [retry]);
  return retry !== undefined && passed === retry;
}

interface ProgressWordsProps {
  readonly what: "purchase" | "order" | "top-up";
  readonly isPending: boolean;
  readonly progress: Progress | undefined;
}
