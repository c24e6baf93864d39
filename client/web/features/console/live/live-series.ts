import type { OutcomeGroup, SaleFigures } from "../../../../../shared/figures.ts";

/** What became of attempts, in the order in which the chart stacks them. */
export const OUTCOMES: readonly OutcomeSeries[] = [
  { key: "purchased", words: "Bought", colour: "var(--color-good)", sign: "bg-good" },
  { key: "soldOut", words: "Sold out", colour: "var(--color-hot)", sign: "bg-hot" },
  { key: "refused", words: "Refused otherwise", colour: "var(--color-edge)", sign: "bg-edge" },
];

export interface OutcomeSeries {
  readonly key: OutcomeGroup;
  readonly words: string;
  readonly colour: string;
  /** The class of its sign in the legend. */
  readonly sign: string;
}

/** How the lines of items differ: by colour and by dashes, so that neither is needed alone. */
export const LINES: readonly LineLook[] = [
  { colour: "var(--color-ink)", dash: "" },
  { colour: "var(--color-hot)", dash: "" },
  { colour: "var(--color-good)", dash: "" },
  { colour: "var(--color-edge)", dash: "" },
  { colour: "var(--color-ink)", dash: "7 4" },
  { colour: "var(--color-hot)", dash: "7 4" },
  { colour: "var(--color-good)", dash: "7 4" },
  { colour: "var(--color-edge)", dash: "7 4" },
];

export interface LineLook {
  readonly colour: string;
  readonly dash: string;
}

/** The look of each item that is drawn, by its id. */
export function lineLooks({ items }: Pick<SaleFigures, "items">): ReadonlyMap<number, LineLook> {
  const drawn = items.filter(({ left }) => left.length > 0);
  return new Map(drawn.flatMap(({ id }, index) => (LINES[index] ? [[id, LINES[index]]] : [])));
}

/** Attempts a second, point by point, whatever a point stands for. */
export function attemptRows({ points }: Pick<SaleFigures, "points">): AttemptRow[] {
  const { stepSeconds, attempts } = points;
  return times(points).map((at, index) => ({
    at,
    ...(Object.fromEntries(OUTCOMES.map(({ key }) => [key, (attempts[key][index] ?? 0) / stepSeconds])) as Record<
      OutcomeGroup,
      number
    >),
  }));
}

export type AttemptRow = { readonly at: string } & Readonly<Record<OutcomeGroup, number>>;

/** Units left of each drawn item at the end of each point. */
export function leftRows({ points, items }: Pick<SaleFigures, "points" | "items">): LeftRow[] {
  const drawn = items.filter(({ left }) => left.length > 0);
  return times(points).map((at, index) => ({
    at,
    ...Object.fromEntries(drawn.map(({ id, left }) => [lineKey(id), left[index] ?? 0])),
  }));
}

export type LeftRow = { readonly at: string; readonly [item: `item ${number}`]: number };

export function lineKey(itemId: number): `item ${number}` {
  return `item ${itemId}`;
}

/** The end of each point. */
function times({ from, stepSeconds, attempts }: SaleFigures["points"]): string[] {
  const fromMs = Date.parse(from);
  return attempts.purchased.map((_, index) => new Date(fromMs + (index + 1) * stepSeconds * 1_000).toISOString());
}
