import type { SaleStatus } from "../../../../../shared/sales.ts";
import { type SignName, Tag, type Tone } from "../tag.tsx";
import { useNowMs } from "../use-now.ts";
import { spanWords, stateNow, timeToChange } from "./state-words.ts";

/** The state of a sale, by the shop's clock also between two readings, and how long until it changes by itself. */
export function SaleState({ sale }: { sale: StateOfSale }) {
  const nowMs = useNowMs();
  const status = stateNow(sale, nowMs);
  const { tone, sign, words } = STATES[status];
  const change = timeToChange(sale, nowMs);
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      <Tag tone={tone} sign={sign}>
        {words}
      </Tag>
      {change && (
        <span className="figures text-sm text-muted">
          {change.what} in {spanWords(change.leftMs)}
        </span>
      )}
    </span>
  );
}

export const STATES: Record<SaleStatus, { readonly tone: Tone; readonly sign: SignName; readonly words: string }> = {
  scheduled: { tone: "plain", sign: "waiting", words: "Scheduled" },
  live: { tone: "busy", sign: "open", words: "Live" },
  paused: { tone: "bad", sign: "off", words: "Paused" },
  ended: { tone: "quiet", sign: "done", words: "Ended" },
  cancelled: { tone: "quiet", sign: "failed", words: "Cancelled" },
};

interface StateOfSale {
  readonly status: SaleStatus;
  readonly startsAt: string;
  readonly endsAt: string;
}
