import type { SaleTimes } from "../sales/sale-status.ts";

/** Seconds that a point of the chart stands for: so many that the whole sale so far fits in. */
export function stepSecondsOf(sale: SaleTimes & { readonly nowMs: number }): number {
  const { from, until } = shown(sale);
  return STEPS.find((step) => (until - from) / step <= POINTS_MAX) ?? STEPS[STEPS.length - 1] ?? 1;
}

/** Where the first point begins, in seconds since 1970. */
export function firstPoint(sale: SaleTimes & { readonly nowMs: number }, stepSeconds: number): number {
  const { from } = shown(sale);
  return from - (from % stepSeconds);
}

/** Points that are complete. */
export function countPoints(sale: SaleTimes & { readonly nowMs: number }, stepSeconds: number): number {
  const { until } = shown(sale);
  return Math.max(0, Math.floor((until - firstPoint(sale, stepSeconds)) / stepSeconds));
}

/** From a little before the start, when those come who cannot wait, to a little after the end. */
function shown({ startsAtMs, endsAtMs, cancelledAtMs, nowMs }: SaleTimes & { readonly nowMs: number }) {
  const overMs = Math.min(endsAtMs, cancelledAtMs ?? endsAtMs);
  const from = Math.floor(startsAtMs / 1_000) - BEFORE;
  const until = Math.floor(Math.min(nowMs, overMs + AFTER * 1_000) / 1_000);
  return { from, until: Math.max(from, until) };
}

const BEFORE = 10;
const AFTER = 10;

/** More of them are closer together than the pixels of a chart. */
const POINTS_MAX = 150;

/** A day has two minutes in 720 points; a sale of months its days. */
const STEPS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800];
