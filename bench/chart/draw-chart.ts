import type { Summary } from "../report/statistics.ts";
import type { Chart, Point } from "./chart.ts";
import { evenScale, linearScale, logScale, type Scale } from "./scale.ts";

/** Draws both panels as one SVG that reads on a light page and on a dark one, in a legend told apart by more than colour. */
export function drawChart(chart: Chart): string {
  const all = (of: (point: Point) => Summary) => chart.series.flatMap(({ points }) => points.map(of));
  const rates = all(({ perSecond }) => perSecond).map(({ max }) => max);
  const times = all(({ p99Ms }) => p99Ms);
  const edges = { from: PLOT_BOTTOM, to: PLOT_TOP };
  const p99 = { min: Math.min(...times.map(({ min }) => min)), max: Math.max(...times.map(({ max }) => max)) };
  const panels = [
    panel(
      chart,
      { left: 60, title: "Purchases per second", y: linearScale(Math.max(...rates), edges) },
      (point) => point.perSecond,
    ),
    panel(
      chart,
      { left: 520, title: "99 % are answered within (ms)", y: logScale(p99, edges) },
      (point) => point.p99Ms,
    ),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${quoted(describe(chart))}">`,
    `<style>${STYLE}</style>`,
    ...chart.series.map(({ name }, index) => legend(name, index)),
    ...panels,
    `<text class="small" x="20" y="${HEIGHT - 12}">${quoted(chart.caption)}</text>`,
    "</svg>\n",
  ].join("\n");
}

const WIDTH = 920;
const HEIGHT = 430;
const PLOT_TOP = 90;
const PLOT_BOTTOM = 350;
const PLOT_WIDTH = 370;

/** Colours that stand out from white and from near-black alike; dashes for whoever does not tell them apart. */
const LINES = [
  { colour: "#2f81f7", dash: "" },
  { colour: "#e5534b", dash: "7 3" },
  { colour: "#b5842a", dash: "2 3" },
  { colour: "#8a8f98", dash: "10 3 2 3" },
];

const STYLE = [
  "text { font: 13px system-ui, sans-serif; fill: #1f2328 }",
  ".small { font-size: 11px; fill: #59636e }",
  ".title { font-weight: 600 }",
  ".grid { stroke: #8a8f98; stroke-opacity: 0.35 }",
  ".line { fill: none; stroke-width: 2.5 }",
  "@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .small { fill: #9198a1 } }",
].join(" ");

interface Panel {
  readonly left: number;
  readonly title: string;
  readonly y: Scale;
}

function panel({ connections, series }: Chart, { left, title, y }: Panel, read: (point: Point) => Summary): string {
  const right = left + PLOT_WIDTH;
  const x = evenScale(connections, { from: left + 15, to: right - 15 });
  return [
    `<text class="title" x="${left}" y="${PLOT_TOP - 18}">${quoted(title)}</text>`,
    ...y.ticks.flatMap((tick) => [
      `<line class="grid" x1="${left}" y1="${px(y.at(tick))}" x2="${right}" y2="${px(y.at(tick))}"/>`,
      `<text class="small" x="${left - 6}" y="${px(y.at(tick) + 4)}" text-anchor="end">${tick.toLocaleString("en")}</text>`,
    ]),
    ...x.ticks.map(
      (tick) =>
        `<text class="small" x="${px(x.at(tick))}" y="${PLOT_BOTTOM + 18}" text-anchor="middle">${tick.toLocaleString("en")}</text>`,
    ),
    `<text class="small" x="${(left + right) / 2}" y="${PLOT_BOTTOM + 36}" text-anchor="middle">connections</text>`,
    // The first one comes last, so that it lies on top.
    ...series
      .map(({ points }, index) =>
        curve(
          points.map((point, at) => ({ x: x.at(connections[at] ?? 0), value: read(point) })),
          { y, style: lineStyle(index) },
        ),
      )
      .reverse(),
  ].join("\n");
}

/** A line through the medians, and at each of them how far the rounds lay apart. */
function curve(points: { x: number; value: Summary }[], { y, style }: { y: Scale; style: string }): string {
  const corners = points.map(({ x, value }) => `${px(x)},${px(y.at(value.median))}`);
  const spreads = points.map(
    ({ x, value }) =>
      `<line ${style} x1="${px(x)}" y1="${px(y.at(value.min))}" x2="${px(x)}" y2="${px(y.at(value.max))}"/>`,
  );
  return [`<polyline class="line" ${style} points="${corners.join(" ")}"/>`, ...spreads].join("\n");
}

function legend(name: string, index: number): string {
  const left = 20 + index * 220;
  const line = `<line class="line" ${lineStyle(index)} x1="${left}" y1="24" x2="${left + 32}" y2="24"/>`;
  return `${line}\n<text x="${left + 40}" y="28">${quoted(name)}</text>`;
}

function lineStyle(index: number): string {
  const { colour, dash } = LINES[index % LINES.length] ?? { colour: "currentColor", dash: "" };
  return `stroke="${colour}"${dash === "" ? "" : ` stroke-dasharray="${dash}"`}`;
}

/** For whoever hears the picture instead of seeing it. */
function describe({ connections, series }: Chart): string {
  const texts = series.map(({ name, points }) => {
    const rates = points.map(({ perSecond }) => Math.round(perSecond.median).toLocaleString("en"));
    return `${name} ${rates.join(", ")}`;
  });
  return `Purchases per second at ${connections.join(", ")} connections: ${texts.join("; ")}`;
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function quoted(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
