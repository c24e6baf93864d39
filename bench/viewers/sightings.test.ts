import { expect, it } from "vitest";
import { Sightings } from "./sightings.ts";

it("counts a change as seen by all when the last viewer has seen it, or one that came after it", () => {
  const sightings = new Sightings(2);
  for (const viewer of [0, 1]) sightings.saw(viewer, 10, 0);
  sightings.saw(0, 9, 100);
  sightings.saw(0, 8, 200);
  sightings.saw(1, 8, 250);
  expect(sightings.take()).toEqual([
    { remaining: 9, viewers: 2, firstAtMs: 100, lastAtMs: 250 },
    { remaining: 8, viewers: 2, firstAtMs: 200, lastAtMs: 250 },
  ]);
  expect(sightings.take()).toEqual([]);
  expect([sightings.watching, sightings.behind(8), sightings.behind(7), sightings.wentBack]).toEqual([2, 0, 2, 0]);
});

it("does not take a viewer for one who watches before anything was seen", () => {
  const sightings = new Sightings(3);
  sightings.saw(1, 5, 0);
  expect([sightings.watching, sightings.behind(5)]).toEqual([1, 2]);
});

it("notices a stream that goes back", () => {
  const sightings = new Sightings(1);
  for (const remaining of [5, 4, 5]) sightings.saw(0, remaining, 0);
  expect(sightings.wentBack).toBe(1);
});
