import type { Sale } from "../../../../shared/sales.ts";
import { When } from "../../components/when.tsx";
import { Countdown } from "./countdown.tsx";
import { DoorOfSale } from "./door-of-sale.tsx";
import { PhaseBadge } from "./phase-badge.tsx";
import type { SalePhase } from "./sale-phase.ts";

/**
 * The shop window of a sale that is open: what it is called, what it is like and how long it lasts, in one bar, so that
 * the first item can be bought without scrolling.
 */
export function SaleBar({ sale, phase, heading: Heading = "h1" }: SaleBarProps) {
  return (
    <section aria-labelledby="sale-name" className="relative overflow-hidden bg-hero text-hero-ink">
      <div className="page-width flex items-center gap-x-4 lg:gap-x-6">
        <div className="relative hidden h-24 w-20 shrink-0 self-end roomy:block">
          <DoorOfSale sale={sale} phase={phase} />
        </div>
        <div className="relative z-10 flex min-w-0 grow flex-wrap items-center gap-x-6 gap-y-2 py-3 flat:py-1.5">
          <Heading
            id="sale-name"
            dir="auto"
            className={`poster min-w-0 grow-[999] basis-56 text-left uppercase wrap-anywhere ${nameSize(sale.name)}`}
          >
            {sale.name}
          </Heading>
          <div className="flex grow flex-wrap items-center justify-between gap-x-4 gap-y-1 roomy:justify-end">
            <PhaseBadge phase={phase} />
            <div className="roomy:text-right">
              <Countdown look="bar" target={sale.endsAt} caption="Ends in" />
              {/* Where a line more would push the first Buy out of sight it is there for ears alone. */}
              <p className="sr-only mt-1 text-sm leading-none font-medium roomy:not-sr-only roomy:mt-1 tall:not-sr-only tall:mt-1">
                until <When at={sale.endsAt} />
              </p>
            </div>
          </div>
          {phase === "paused" && (
            <p className="w-full leading-snug font-medium">
              Back in a moment. Stay on this page: it opens by itself, and the clock runs on.
            </p>
          )}
        </div>
      </div>
    </section>
  );
}

/** A long name is set smaller, so that the items stay in sight. */
function nameSize(name: string): string {
  if (name.length <= 24) return "text-[2rem] roomy:text-[2.75rem] roomy:lg:text-[3.5rem]";
  if (name.length <= 60) return "text-2xl roomy:text-3xl roomy:lg:text-4xl";
  return "text-lg roomy:text-xl";
}

interface SaleBarProps {
  readonly sale: Sale;
  readonly phase: SalePhase;
  /** As that of `Hero`. */
  readonly heading?: "h1" | "h3";
}
