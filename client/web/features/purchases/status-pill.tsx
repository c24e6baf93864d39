import type { StatusWords } from "./status-words.ts";

/** Words and colour together: neither is the only sign. */
export function StatusPill({ status }: { status: StatusWords }) {
  return (
    <span className={`rounded-full px-3 py-1 text-sm font-semibold whitespace-nowrap ${TONES[status.tone]}`}>
      {status.text}
    </span>
  );
}

const TONES: Record<StatusWords["tone"], string> = {
  plain: "bg-sunken text-ink",
  good: "bg-good-soft text-good",
  bad: "bg-hot-soft text-hot",
};
