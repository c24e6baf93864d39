import { describe, expect, it } from "vitest";
import { type SaleTimes, saleStatusAt } from "./sale-status.ts";

const sale: SaleTimes = { startsAtMs: 1_000, endsAtMs: 2_000, pausedAtMs: null, cancelledAtMs: null };

describe("saleStatusAt", () => {
  it("is scheduled until the moment of the start, live from it on", () => {
    expect(saleStatusAt(sale, 999.999)).toBe("scheduled");
    expect(saleStatusAt(sale, 1_000)).toBe("live");
  });

  it("is live until the moment of the end, ended from it on", () => {
    expect(saleStatusAt(sale, 1_999.999)).toBe("live");
    expect(saleStatusAt(sale, 2_000)).toBe("ended");
  });

  it("is paused only between its start and its end", () => {
    const paused = { ...sale, pausedAtMs: 0 };
    expect(saleStatusAt(paused, 999)).toBe("scheduled");
    expect(saleStatusAt(paused, 1_500)).toBe("paused");
    expect(saleStatusAt(paused, 2_000)).toBe("ended");
  });

  it("stays cancelled whatever else holds", () => {
    const cancelled = { ...sale, pausedAtMs: 1_200, cancelledAtMs: 1_300 };
    for (const nowMs of [0, 1_500, 3_000]) expect(saleStatusAt(cancelled, nowMs)).toBe("cancelled");
  });
});
