import { expect, test } from "vitest";
import { doorGeometry } from "./door-geometry.ts";

test("a shut door fills its frame and lets no light out", () => {
  const { leaf, light } = doorGeometry(0);
  expect(leaf).toBe("170.0,50.0 390.0,50.0 390.0,470.0 170.0,470.0");
  expect(area(light)).toBe(0);
});

test("the wider it stands, the more light falls out", () => {
  const areas = [0.1, 0.3, 0.5, 0.8, 1].map((opening) => area(doorGeometry(opening).light));
  expect(areas).toEqual(areas.toSorted((a, b) => a - b));
});

test("an opening beyond its bounds is the nearest within them", () => {
  expect(doorGeometry(7)).toEqual(doorGeometry(1));
  expect(doorGeometry(-1)).toEqual(doorGeometry(0));
});

/** By the shoelace formula. */
function area(points: string): number {
  const list = points.split(" ").map((point) => point.split(",").map(Number));
  const sum = list.reduce((total, [x = 0, y = 0], index) => {
    const [nextX = 0, nextY = 0] = list[(index + 1) % list.length] ?? [];
    return total + x * nextY - nextX * y;
  }, 0);
  return Math.abs(sum) / 2;
}
