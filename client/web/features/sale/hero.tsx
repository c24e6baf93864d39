import type { Sale } from "../../../../shared/sales.ts";
import { When } from "../../components/when.tsx";
import { Countdown } from "./countdown.tsx";
import { DoorOfSale } from "./door-of-sale.tsx";
import { PhaseBadge } from "./phase-badge.tsx";
import type { SalePhase } from "./sale-phase.ts";

/** The shop window of a sale that is not open: its name, when it opens or what became of it, and the door. */
export function Hero({ sale, phase, heading: Heading = "h1" }: HeroProps) {
  return (
    <section aria-labelledby="sale-name" className="relative overflow-hidden bg-hero text-hero-ink">
      <div className="page-width grid grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,29rem)] lg:gap-8">
        <div className="relative z-10 pt-8 pb-8 sm:pt-12 lg:pb-28">
          <PhaseBadge phase={phase} />
          <Heading
            id="sale-name"
            dir="auto"
            className={`poster mt-4 text-left uppercase wrap-anywhere ${nameSize(sale.name)}`}
          >
            {sale.name}
          </Heading>
          <div className="mt-7 sm:mt-9">
            <Timing sale={sale} phase={phase} />
          </div>
        </div>
        <div className="relative -mx-4 h-64 self-end sm:h-80 lg:mx-0 lg:h-[min(37rem,72vh)]">
          <DoorOfSale sale={sale} phase={phase} />
        </div>
      </div>
    </section>
  );
}

export function isShut(phase: SalePhase): phase is "scheduled" | "ended" | "cancelled" {
  return phase === "scheduled" || phase === "ended" || phase === "cancelled";
}

function Timing({ sale, phase }: { sale: Sale; phase: "scheduled" | "ended" | "cancelled" }) {
  switch (phase) {
    case "scheduled":
      return (
        <>
          <Countdown look="poster" target={sale.startsAt} caption="Doors open in" />
          <p className="mt-5 text-lg font-semibold narrow sm:text-xl">
            On <When at={sale.startsAt} />
          </p>
        </>
      );
    case "ended":
      return (
        <p className="text-xl font-semibold narrow sm:text-2xl">
          The doors closed on <When at={sale.endsAt} />. Thank you for coming.
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

/** A long name is set smaller, so that the countdown stays in sight. */
function nameSize(name: string): string {
  if (name.length <= 16) return "text-[clamp(3.75rem,min(12.4vw,17vh),10.5rem)]";
  if (name.length <= 36) return "text-[clamp(2.9rem,min(8vw,13vh),7rem)]";
  return "text-[clamp(2.1rem,min(5vw,9vh),4.25rem)]";
}

interface HeroProps {
  readonly sale: Sale;
  readonly phase: "scheduled" | "ended" | "cancelled";
  /** The second one where it is a part of another page. */
  readonly heading?: "h1" | "h3";
}
