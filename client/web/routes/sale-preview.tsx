import { useState } from "react";
import { CURRENCY, PRICE_CENTS_MAX } from "../../../shared/money.ts";
import { type Sale, type SaleDetails, STOCK_MAX } from "../../../shared/sales.ts";
import { parseAmountCents, parseWhole } from "../app/amount.ts";
import { serverClock } from "../app/server-clock.ts";
import { Button } from "../components/button.tsx";
import { CLOSED_WORDS } from "../features/buying/availability.ts";
import { ChoiceField } from "../features/console/choice-field.tsx";
import { Panel } from "../features/console/panel.tsx";
import type { SaleForm } from "../features/console/sales/sale-form.ts";
import { momentMs } from "../features/console/sales/zoned-time.ts";
import { Hero, isShut } from "../features/sale/hero.tsx";
import { ItemCard } from "../features/sale/item-card.tsx";
import { SaleBar } from "../features/sale/sale-bar.tsx";
import type { SalePhase } from "../features/sale/sale-phase.ts";

/** What stands in the form as buyers would see it, in each state that the sale may come to; by the page's own parts. */
export function SalePreview({ form, sale, timeZone }: SalePreviewProps) {
  const [phase, setPhase] = useState<SalePhase>(sale?.status ?? "scheduled");
  const [openedAtMs] = useState(() => serverClock.nowMs());
  const shown = saleIn(phase, { form, timeZone, openedAtMs });
  return (
    <Panel title="As buyers see it" className="mt-4">
      <div className="mb-4 max-w-64">
        <ChoiceField
          label="When it is"
          value={phase}
          options={PHASES}
          all={null}
          onChoose={(chosen) => setPhase(chosen ?? phase)}
        />
      </div>
      {/* Its parts measure by the window: where the console's navigation takes from it, they are made smaller. */}
      <div className="overflow-hidden rounded-lg border border-line bg-paper xl:[zoom:0.7]">
        {isShut(phase) ? (
          <Hero sale={shown} phase={phase} heading="h3" />
        ) : (
          <SaleBar sale={shown} phase={phase} heading="h3" />
        )}
        <div className="grid gap-x-7 p-5 sm:grid-cols-2 xl:grid-cols-3 roomy:auto-rows-[1fr_auto_auto_auto_auto]">
          {shown.items.map((item, index) => (
            <ItemCard
              key={item.id}
              item={item}
              saleLimit={shown.limitPerCustomer}
              currency={CURRENCY}
              isFirst={index < 2}
              isWide={false}
              isOver={phase === "ended" || phase === "cancelled"}
            >
              {phase === "live" && item.remaining > 0 ? (
                <Button disabled className="min-h-12 w-full text-lg">
                  Buy
                </Button>
              ) : (
                <p className="flex min-h-12 items-center justify-center rounded-md bg-sunken px-4 font-semibold text-muted narrow">
                  {CLOSED_WORDS[phase === "live" ? "sold-out" : phase]}
                </p>
              )}
            </ItemCard>
          ))}
        </div>
      </div>
    </Panel>
  );
}

/** The sale of the form, at a moment when it is like that. What cannot be read yet is shown as nothing. */
function saleIn(phase: SalePhase, { form, timeZone, openedAtMs }: PhaseContext): Sale {
  const startsAtMs = momentMs(form.startsAt, timeZone) ?? openedAtMs + HOUR_MS;
  const endsAtMs = Math.max(momentMs(form.endsAt, timeZone) ?? 0, startsAtMs + HOUR_MS / 60);
  const shiftMs = beginningOf(phase, { startsAtMs, openedAtMs }) - startsAtMs;
  return {
    id: 0,
    name: form.name.trim() || "A name",
    startsAt: new Date(startsAtMs + shiftMs).toISOString(),
    endsAt: new Date(endsAtMs + shiftMs).toISOString(),
    status: phase === "sold-out" ? "live" : phase,
    currency: CURRENCY,
    limitPerCustomer: parseWhole(form.limit, { min: 1, max: STOCK_MAX }) ?? null,
    needsAccessCode: form.needsAccessCode,
    version: 0,
    edits: 0,
    serverTime: new Date(openedAtMs).toISOString(),
    items: form.items.map((item, index) => {
      const allotted = parseWhole(item.stock, { min: 0, max: STOCK_MAX }) ?? 0;
      return {
        id: index,
        productId: index,
        name: item.name.trim() || "New item",
        description: item.description,
        imageUrl: item.imageUrl === "" ? null : item.imageUrl,
        priceCents: parseAmountCents(item.price, PRICE_CENTS_MAX) ?? 0,
        allotted,
        remaining: phase === "sold-out" ? 0 : allotted,
        limitPerCustomer: parseWhole(item.limit, { min: 1, max: STOCK_MAX }) ?? null,
        version: 0,
      };
    }),
  };
}

/** An open sale is shown at its start: the door is wide open and the clock runs down from there. One to come is to come. */
function beginningOf(phase: SalePhase, { startsAtMs, openedAtMs }: { startsAtMs: number; openedAtMs: number }): number {
  if (phase === "live" || phase === "paused" || phase === "sold-out") return openedAtMs;
  return phase === "scheduled" ? Math.max(startsAtMs, openedAtMs + HOUR_MS) : startsAtMs;
}

const PHASES = [
  { value: "scheduled", words: "Scheduled" },
  { value: "live", words: "Live" },
  { value: "paused", words: "Paused" },
  { value: "sold-out", words: "Sold out" },
  { value: "ended", words: "Ended" },
  { value: "cancelled", words: "Cancelled" },
] as const;

const HOUR_MS = 3_600_000;

interface PhaseContext {
  readonly form: SaleForm;
  readonly timeZone: string;
  readonly openedAtMs: number;
}

interface SalePreviewProps {
  readonly form: SaleForm;
  /** Undefined for one that is to be planned. */
  readonly sale: SaleDetails | undefined;
  readonly timeZone: string;
}
