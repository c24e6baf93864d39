import { useEffect, useState } from "react";
import type { Sale } from "../../../../shared/sales.ts";
import { serverClock } from "../../app/server-clock.ts";
import { lazyPart } from "../../components/lazy-part.tsx";
import { fractionLeft } from "./countdown.ts";
import type { SalePhase } from "./sale-phase.ts";

/** The door of a sale. It says nothing that the words do not, so it comes after them, into a place that is kept for it. */
export function DoorOfSale({ sale, phase }: { sale: Sale; phase: SalePhase }) {
  const opening = useDoorOpening(sale, phase);
  return <Door opening={opening} sign={SIGNS[phase]} />;
}

const Door = lazyPart(() => import("./door.tsx"), "Door", { isDecoration: true, pending: null });

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

/** What hangs on the door, if anything. */
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
