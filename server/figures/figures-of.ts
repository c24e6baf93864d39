import { type ItemFigures, OUTCOME_GROUPS, type OutcomeGroup, type SaleFigures } from "../../shared/figures.ts";
import { REFUSAL_CODES } from "../../shared/refusals.ts";
import { isoTime } from "../database/times.ts";
import { saleStatusAt } from "../sales/sale-status.ts";
import type { SaleRead, StockChange } from "./read-sale.ts";
import { countPoints, firstPoint } from "./steps.ts";
import type { Cell } from "./tally.ts";

/** Makes of what was read what is shown. */
export function figuresOf(read: SaleRead, server: SaleFigures["server"]): SaleFigures {
  const { sale, tally, refundedCents, isComplete } = read;
  const { stepSeconds } = tally;
  const from = firstPoint(sale, stepSeconds);
  const grid = { from, stepSeconds, count: countPoints(sale, stepSeconds) };
  const cells = [...tally.cells()];
  const bought = cells.filter(({ outcome }) => groupOf(outcome) === "purchased");
  const unmet = cells.filter(({ outcome }) => groupOf(outcome) === "soldOut");
  return {
    saleId: sale.id,
    // By the database's clock, in which all processes agree.
    version: Math.round(sale.nowMs),
    at: isoTime(sale.nowMs),
    name: sale.name,
    status: saleStatusAt(sale, sale.nowMs),
    startsAt: isoTime(sale.startsAtMs),
    endsAt: isoTime(sale.endsAtMs),
    currency: sale.currency,
    attempts: byGroup((group) => total(cells.filter(isIn(group)), "attempts")),
    perSecond: ratesOf([...tally.recent()], Math.floor(sale.nowMs / 1_000)),
    refusals: refusalsOf(cells),
    soldUnits: total(bought, "units"),
    takenCents: total(bought, "amountCents"),
    refundedCents,
    unmetUnits: total(unmet, "units"),
    items: itemsOf(read, { bought, unmet, grid }),
    points: {
      from: isoTime(from * 1_000),
      stepSeconds,
      attempts: byGroup((group) => series(cells.filter(isIn(group)), grid, ({ attempts }) => attempts).points),
    },
    isComplete,
    server,
  };
}

function itemsOf(
  { items, changes }: SaleRead,
  { bought, unmet, grid }: { bought: readonly Cell[]; unmet: readonly Cell[]; grid: Grid },
): ItemFigures[] {
  const boughtOf = Map.groupBy(bought, ({ itemId }) => itemId);
  const unmetOf = Map.groupBy(unmet, ({ itemId }) => itemId);
  const changesOf = Map.groupBy(changes, ({ itemId }) => itemId);
  const figures = items.map(({ id, name, allotted, remaining }) => {
    const sold = boughtOf.get(id) ?? [];
    return {
      ...{ id, name, allotted, remaining },
      soldUnits: total(sold, "units"),
      takenCents: total(sold, "amountCents"),
      unmetUnits: total(unmetOf.get(id) ?? [], "units"),
    };
  });
  const drawn = new Set(
    figures
      .toSorted((a, b) => b.soldUnits - a.soldUnits)
      .slice(0, DRAWN_MAX)
      .map(({ id }) => id),
  );
  return figures.map((item) => ({
    ...item,
    left: drawn.has(item.id) ? leftAfter(boughtOf.get(item.id) ?? [], changesOf.get(item.id) ?? [], grid) : [],
  }));
}

/** As many lines as a chart can show apart. */
const DRAWN_MAX = 8;

/** How many units were left at the end of each point: all that came, less all that went. */
function leftAfter(sold: readonly Cell[], changes: readonly StockChange[], grid: Grid): number[] {
  const came = series(changes, grid, ({ units }) => units);
  const went = series(sold, grid, ({ units }) => units);
  let left = came.before - went.before;
  return came.points.map((units, index) => {
    left += units - (went.points[index] ?? 0);
    return left;
  });
}

interface Grid {
  /** In seconds since 1970, a multiple of the step. */
  readonly from: number;
  readonly stepSeconds: number;
  readonly count: number;
}

/** Sums by point, and what was before the first; what comes after the last is left out. */
function series<T extends { readonly at: number }>(
  rows: readonly T[],
  { from, stepSeconds, count }: Grid,
  read: (row: T) => number,
): { before: number; points: number[] } {
  const points = new Array<number>(count).fill(0);
  let before = 0;
  for (const row of rows) {
    const index = Math.floor((row.at - from) / stepSeconds);
    if (index < 0) before += read(row);
    else if (index < count) points[index] = (points[index] ?? 0) + read(row);
  }
  return { before, points };
}

/** Over the last seconds that are complete. */
function ratesOf(recent: readonly Cell[], now: number): Record<OutcomeGroup, number> {
  const last = recent.filter(({ at }) => at < now && at >= now - RATE_SECONDS);
  return byGroup((group) => total(last.filter(isIn(group)), "attempts") / RATE_SECONDS);
}

/** A figure that can be read while it changes. */
const RATE_SECONDS = 3;

function refusalsOf(cells: readonly Cell[]): SaleFigures["refusals"] {
  return REFUSAL_CODES.map((code) => ({
    code,
    attempts: total(
      cells.filter(({ outcome }) => outcome === code),
      "attempts",
    ),
  }))
    .filter(({ attempts }) => attempts > 0)
    .sort((a, b) => b.attempts - a.attempts);
}

function groupOf(outcome: string): OutcomeGroup {
  if (outcome === "PURCHASED") return "purchased";
  return outcome === "OUT_OF_STOCK" ? "soldOut" : "refused";
}

function isIn(group: OutcomeGroup): (cell: Cell) => boolean {
  return ({ outcome }) => groupOf(outcome) === group;
}

function byGroup<T>(read: (group: OutcomeGroup) => T): Record<OutcomeGroup, T> {
  return Object.fromEntries(OUTCOME_GROUPS.map((group) => [group, read(group)])) as Record<OutcomeGroup, T>;
}

function total(cells: readonly Cell[], of: "attempts" | "units" | "amountCents"): number {
  return cells.reduce((sum, cell) => sum + cell[of], 0);
}
