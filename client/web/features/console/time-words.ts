import { LOCALE } from "../../components/money.tsx";

/** How far a moment is from now, in one unit: "12 sec ago", "in 3 min", "now". */
export function distanceWords(atMs: number, nowMs: number): string {
  const seconds = Math.round((atMs - nowMs) / 1_000);
  const [unit, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? ["second", 1];
  return DISTANCE.format(Math.trunc(seconds / size), unit);
}

/** A length of time for people: "850 ms", "4.2 s", "3 min 5 s". A number stays with its unit. */
export function lengthWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)}\u00a0ms`;
  if (ms < 60_000) return `${TENTHS.format(ms / 1_000)}\u00a0s`;
  const minutes = Math.floor(ms / 60_000);
  const seconds = Math.floor((ms % 60_000) / 1_000);
  return seconds === 0 ? `${minutes}\u00a0min` : `${minutes}\u00a0min ${seconds}\u00a0s`;
}

/** What is left until a moment, in whole seconds: never less than none. */
export function secondsLeft(until: string, nowMs: number): number {
  return Math.max(0, Math.ceil((Date.parse(until) - nowMs) / 1_000));
}

export function countWords(count: number): string {
  return COUNT.format(count);
}

const UNITS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const DISTANCE = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto", style: "narrow" });
const TENTHS = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 1 });
const COUNT = new Intl.NumberFormat(LOCALE);
