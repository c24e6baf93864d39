import type { SaleFigures } from "../../../../../shared/figures.ts";
import { euros } from "../../../components/money.tsx";
import { STATES } from "../sales/sale-state.tsx";
import { countWords } from "../time-words.ts";

/** Everything that matters in one breath, for those who listen. */
export function summaryWords(figures: SaleFigures): string {
  const { status, items, soldUnits, unmetUnits, takenCents } = figures;
  const allotted = sum(items.map((item) => item.soldUnits + item.remaining));
  return [
    `${STATES[status].words}.`,
    `${countWords(soldUnits)} of ${unitsWords(allotted)} sold for ${euros(takenCents)},`,
    `${unitsWords(unmetUnits)} asked for in vain,`,
    `${rateWords(attemptsPerSecond(figures))} attempts a second.`,
  ].join(" ");
}

export function attemptsPerSecond({ perSecond }: Pick<SaleFigures, "perSecond">): number {
  return sum(Object.values(perSecond));
}

/** A tenth where there are few. */
export function rateWords(perSecond: number): string {
  return countWords(perSecond < 10 ? Math.round(perSecond * 10) / 10 : Math.round(perSecond));
}

export function unitsWords(units: number): string {
  return `${countWords(units)} ${units === 1 ? "unit" : "units"}`;
}

/** As on a station clock: "04:09", "1:04:09", "2 d 01:04:09". It ends at zero, when the moment has come. */
export function clockLeft(leftMs: number): string {
  const total = Math.max(0, Math.ceil(leftMs / 1_000));
  const [days, hours] = [Math.floor(total / 86_400), Math.floor(total / 3_600) % 24];
  const rest = [Math.floor(total / 60) % 60, total % 60].map((part) => String(part).padStart(2, "0")).join(":");
  if (days > 0) return `${days}\u00a0d ${String(hours).padStart(2, "0")}:${rest}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

/** What a point of the charts stands for: "1 s", "5 min". */
export function stepWords(seconds: number): string {
  if (seconds < 60) return `${seconds}\u00a0s`;
  if (seconds < 3_600) return `${seconds / 60}\u00a0min`;
  return `${seconds / 3_600}\u00a0h`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
