import { useEffect, useState } from "react";
import type { Sale } from "../../../../shared/sales.ts";
import { serverClock } from "../../app/server-clock.ts";
import { formatWhen } from "../../components/when.tsx";
import { fractionLeft } from "./countdown.ts";
import { Countdown } from "./countdown.tsx";
import { Door } from "./door.tsx";
import type { SalePhase } from "./sale-phase.ts";

/** The shop window: the sale's name, how long it lasts, and the door. */
export function Hero({ sale, phase }: { sale: Sale; phase: SalePhase }) {
  const opening = useDoorOpening(sale, phase);
  return (
    <section aria-labelledby="sale-name" className="relative overflow-hidden bg-hero text-hero-ink">
      <div className="page-width grid lg:grid-cols-[minmax(0,1fr)_minmax(0,29rem)] lg:gap-8">
        <div className="relative z-10 pt-8 pb-8 sm:pt-12 lg:pb-28">
          <PhaseBadge phase={phase} />
          <h1 id="sale-name" className={`poster mt-4 uppercase wrap-anywhere ${nameSize(sale.name)}`}>
            {sale.name}
          </h1>
          <div className="mt-7 sm:mt-9">
            <Timing sale={sale} phase={phase} />
          </div>
        </div>
        <div className="relative -mx-4 h-64 self-end sm:h-80 lg:mx-0 lg:h-[min(37rem,72vh)]">
          <Door opening={opening} sign={SIGNS[phase]} />
        </div>
      </div>
    </section>
  );
}

function PhaseBadge({ phase }: { phase: SalePhase }) {
  return (
    <p
      role="status"
      className="flex w-fit items-center gap-2.5 rounded-full bg-badge py-2 pr-4 pl-3.5 font-semibold text-badge-ink narrow"
    >
      <span
        aria-hidden="true"
        className={`size-2.5 rounded-full ${phase === "live" ? "animate-pulse-dot bg-badge-ink" : "bg-badge-ink/50"}`}
      />
      {BADGES[phase]}
    </p>
  );
}

function Timing({ sale, phase }: { sale: Sale; phase: SalePhase }) {
  switch (phase) {
    case "scheduled":
      return <Countdown target={sale.startsAt} caption="Doors open in" />;
    case "live":
    case "sold-out":
      return (
        <Countdown
          target={sale.endsAt}
          caption={phase === "live" ? "Doors close in" : "Everything is gone. The sale ends in"}
        />
      );
    case "paused":
      return (
        <>
          <p className="mb-6 max-w-[34ch] text-lg font-medium sm:text-xl">
            Back in a moment. Stay on this page: it opens by itself, and the clock runs on.
          </p>
          <Countdown target={sale.endsAt} caption="Doors close in" />
        </>
      );
    case "ended":
      return (
        <p className="text-xl font-semibold narrow sm:text-2xl">
          The doors closed on {formatWhen(sale.endsAt)}. Thank you for coming.
        </p>
      );
    case "cancelled":
      return (
        <p className="text-xl font-semibold narrow sm:text-2xl">
          This sale was cancelled. Nobody is charged for anything.
        </p>
      );
    default:
      return phase satisfies never;
  }
}

/** How wide the door stands; while the sale is live it closes as time runs out. */
function useDoorOpening(sale: Sale, phase: SalePhase): number {
  const [, setTick] = useState(0);
  useEffect(() => {
    if (phase !== "live") return;
    const timer = setInterval(() => setTick((tick) => tick + 1), DOOR_STEP_MS);
    return () => clearInterval(timer);
  }, [phase]);
  if (phase !== "live") return OPENINGS[phase];
  const startsAtMs = Date.parse(sale.startsAt);
  const left = fractionLeft({ startsAtMs, endsAtMs: Date.parse(sale.endsAt), nowMs: serverClock.nowMs() });
  return OPENINGS.live + (1 - OPENINGS.live) * left;
}

/** A long name is set smaller, so that the countdown stays in sight. */
function nameSize(name: string): string {
  if (name.length <= 16) return "text-[clamp(3.75rem,min(12.4vw,17vh),10.5rem)]";
  if (name.length <= 36) return "text-[clamp(2.9rem,min(8vw,13vh),7rem)]";
  return "text-[clamp(2.1rem,min(5vw,9vh),4.25rem)]";
}

const BADGES: Record<SalePhase, string> = {
  scheduled: "Starts soon",
  live: "Live now",
  paused: "Paused",
  ended: "Ended",
  cancelled: "Cancelled",
  "sold-out": "Sold out",
};

const SIGNS: Record<SalePhase, string | undefined> = {
  scheduled: "Soon",
  live: undefined,
  paused: "Back soon",
  ended: "Closed",
  cancelled: "Closed",
  "sold-out": "Sold out",
};

/** For `live` the least, just before the end. */
const OPENINGS: Record<SalePhase, number> = {
  scheduled: 0.05,
  live: 0.25,
  paused: 0.09,
  ended: 0,
  cancelled: 0,
  "sold-out": 0,
};

/** The door moves by less than the eye sees in this time. */
const DOOR_STEP_MS = 10_000;
