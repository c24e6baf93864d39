import type { SalePhase } from "./sale-phase.ts";

/** What the sale is like now, in words and with a light that is on while it is live. */
export function PhaseBadge({ phase }: { phase: SalePhase }) {
  return (
    <p
      role="status"
      className="flex w-fit items-center gap-2 rounded-full bg-badge py-1 pr-3 pl-2.5 font-semibold whitespace-nowrap text-badge-ink narrow roomy:py-1.5 roomy:pr-4 roomy:pl-3.5"
    >
      <span
        aria-hidden="true"
        className={`size-2.5 rounded-full ${phase === "live" ? "animate-pulse-dot bg-badge-ink" : "bg-badge-ink/50"}`}
      />
      {BADGES[phase]}
    </p>
  );
}

const BADGES: Record<SalePhase, string> = {
  scheduled: "Starts soon",
  live: "Live now",
  paused: "Paused",
  ended: "Ended",
  cancelled: "Cancelled",
  "sold-out": "Sold out",
};
