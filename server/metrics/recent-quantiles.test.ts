import { Registry } from "@prometheus-io/client";
import { expect, it } from "vitest";
import { Buckets } from "./buckets.ts";
import { registerCollected } from "./metrics-json.ts";
import { lookAt, RecentQuantiles } from "./recent-quantiles.ts";

const bounds = [1, 2, 4, Number.POSITIVE_INFINITY];

it("tell what the last seconds took, and nothing of what was before", () => {
  const recent = new RecentQuantiles();
  expect(recent.of(0.5)).toBeNull();
  recent.add({ atMs: 0, bounds, counts: [1_000, 1_000, 1_000, 1_000] });
  expect(recent.of(0.5)).toBeNull();
  recent.add({ atMs: 1_000, bounds, counts: [1_000, 1_010, 1_020, 1_020] });
  expect(recent.of(0.5)).toBe(2);
  expect(recent.of(0.25)).toBe(1.5);
  expect(recent.of(1)).toBe(4);
  // The first two are more than ten seconds old.
  recent.add({ atMs: 10_000, bounds, counts: [1_000, 1_010, 1_020, 1_020] });
  recent.add({ atMs: 11_000, bounds, counts: [1_000, 1_010, 1_020, 1_021] });
  expect(recent.of(0.5)).toBe(4);
});

it("look at the series that are asked for, all of them together", async () => {
  const registry = new Registry();
  const [buying, reading] = [new Buckets([1, 2]), new Buckets([1, 2])];
  registerCollected(registry, { name: "took", help: "", type: "histogram" }, () => [
    ...buying.samples("took", { route: "buy", status: 200 }),
    ...buying.samples("took", { route: "buy", status: 503 }),
    ...reading.samples("took", { route: "read", status: 200 }),
  ]);
  for (const took of [0.5, 1.5, 3]) buying.observe(took);
  reading.observe(0.5);
  const look = await lookAt(registry, { name: "took", isAsked: ({ route }) => route === "buy" });
  expect(look).toMatchObject({ bounds: [1, 2, Number.POSITIVE_INFINITY], counts: [2, 4, 6] });
});
