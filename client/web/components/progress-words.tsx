import { useEffect, useState } from "react";
import { useIsOffline } from "../app/connection.ts";
import { heldOf, type Progress } from "../app/intent-runner.ts";
import { retryWords } from "../app/retry-words.ts";

/** Says what the page is doing about a purchase or an order that has no decision yet. Silent while all is well. */
export function ProgressWords({ what, isPending, progress }: ProgressWordsProps) {
  const isOffline = useIsOffline();
  const retry = progress?.phase === "retrying" ? progress : undefined;
  const isUnderWay = useHasPassed(retry);
  const isLate = useHasPassed(isPending ? FIRST_TRY : undefined);
  if (!isPending || heldOf(progress)) return null;
  if (isOffline) return `You are offline. Your ${what} is kept until you are back.`;
  return retry
    ? retryWords({ reason: retry.reason, delayMs: isUnderWay ? 0 : retry.delayMs })
    : isLate
      ? "The shop has not answered yet; still waiting…"
      : null;
}

/** Longer than any shop takes that is well. */
const FIRST_TRY = { delayMs: 3_000 };

/** Whether the wait for the next try is over. */
function useHasPassed(retry: { readonly delayMs: number } | undefined): boolean {
  const [passed, setPassed] = useState<object>();
  useEffect(() => {
    if (!retry) return;
    const timer = setTimeout(() => setPassed(retry), retry.delayMs);
    return () => {
      clearTimeout(timer);
      setPassed(undefined);
    };
  }, [retry]);
  return retry !== undefined && passed === retry;
}

interface ProgressWordsProps {
  readonly what: "purchase" | "order" | "top-up";
  readonly isPending: boolean;
  readonly progress: Progress | undefined;
}
