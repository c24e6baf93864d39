import { describe, expect, test } from "vitest";
import type { Chart } from "./chart.ts";
import { drawChart } from "./draw-chart.ts";
import { evenScale, linearScale, logScale } from "./scale.ts";

const flat = (value: number) => ({ median: value, min: value * 0.9, max: value * 1.1 });

const CHART: Chart = {
  connections: [1, 64, 1_024],
  series: [
    {
      name: "fast",
      points: [100, 9_000, 17_000].map((rate) => ({ perSecond: flat(rate), p99Ms: flat(90_000 / rate) })),
    },
    {
      name: 'a "slow" & <old> one',
      points: [90, 500, 400].map((rate) => ({ perSecond: flat(rate), p99Ms: flat(2_000) })),
    },
  ],
  caption: "2 cores & a disk",
};

/** Enough of XML for what is drawn: every element is closed, in order, and no text holds a bare & or <. */
function elementsOf(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const rest = svg.replace(/<(\/?)([a-z]+)((?: [a-zA-Z0-9-]+="[^"<]*")*)(\/?)>/g, (_, end, name, attributes, alone) => {
    expect(attributes).not.toMatch(/&(?!amp;|lt;|gt;|quot;)/);
    if (end) expect(open.pop()).toBe(name);
    else names.push(name);
    if (!end && !alone) open.push(name);
    return "";
  });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
  return names;
}

describe("the chart", () => {
  test("is well-formed, whatever the names hold, with a curve for each series in both panels", () => {
    const names = elementsOf(drawChart(CHART));
    expect(names[0]).toBe("svg");
    expect(names.filter((name) => name === "polyline")).toHaveLength(4);
  });

  test("stays inside its picture", () => {
    const svg = drawChart(CHART);
    const corners = [...svg.matchAll(/ points="([^"]+)"/g)].flatMap(([, points = ""]) => points.split(" "));
    expect(corners).toHaveLength(12);
    for (const corner of corners) {
      const [x, y] = corner.split(",");
      expect(Number(x)).toBeLessThanOrEqual(920);
      expect(Number(y)).toBeLessThanOrEqual(350);
      expect(Number(y)).toBeGreaterThanOrEqual(90);
    }
  });

  test("reads on a dark page, and says in words what it shows", () => {
    const svg = drawChart(CHART);
    expect(svg).toContain("prefers-color-scheme: dark");
    expect(svg).toContain("fast 100, 9,000, 17,000");
  });
});

test("scales put the ends on the edges and the lines on round values", () => {
  const edges = { from: 300, to: 100 };
  const linear = linearScale(17_300, edges);
  expect(linear.ticks).toEqual([0, 5_000, 10_000, 15_000, 20_000]);
  expect([linear.at(0), linear.at(20_000), linear.at(10_000)]).toEqual([300, 100, 200]);
  const log = logScale({ min: 3, max: 2_500 }, edges);
  expect(log.ticks).toEqual([1, 10, 100, 1_000, 10_000]);
  expect([log.at(1), log.at(100), log.at(10_000)]).toEqual([300, 200, 100]);
  const even = evenScale([1, 8, 64], edges);
  expect([even.at(1), even.at(8), even.at(64)]).toEqual([300, 200, 100]);
});
