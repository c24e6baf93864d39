import Fastify from "fastify";
import { expect, it, vi } from "vitest";
import type { Database } from "../database/database.ts";
import { healthRoutes } from "./health.ts";

it("asks the database once for all who ask at a time, and again no sooner than a second later", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    const withTransaction = vi.fn(async () => {});
    await using app = Fastify();
    await app.register(healthRoutes, { database: { withTransaction } as unknown as Database, isDraining: () => false });
    const ask = async () => (await app.inject("/health/ready")).statusCode;
    expect(new Set(await Promise.all(Array.from({ length: 50 }, ask)))).toEqual(new Set([200]));
    vi.advanceTimersByTime(999);
    expect(await ask()).toBe(200);
    expect(withTransaction).toHaveBeenCalledTimes(1);

    vi.advanceTimersByTime(1);
    withTransaction.mockRejectedValueOnce(new Error("away"));
    expect(await Promise.all([ask(), ask()])).toEqual([503, 503]);
    expect(withTransaction).toHaveBeenCalledTimes(2);
  } finally {
    vi.useRealTimers();
  }
});
