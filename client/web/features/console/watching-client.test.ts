import { afterEach, expect, test, vi } from "vitest";
import { watchingClient } from "./watching-client.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what the shop says of a warehouse that hangs is heard as soon as it says so, and asked for once", async () => {
  vi.useFakeTimers();
  const ask = vi.fn(async (_url: unknown, { signal }: RequestInit) => {
    await new Promise<void>((resolve, reject) => {
      setTimeout(resolve, WAREHOUSE_MS_MAX + 50);
      signal?.addEventListener("abort", () => reject(signal.reason));
    });
    return Response.json(
      { error: { message: WORDS, data: { reason: "UNAVAILABLE", retryable: true } } },
      { status: 503 },
    );
  });
  vi.stubGlobal("fetch", ask);
  const asked = watchingClient.warehouse.stock().catch((error: Error) => error.message);
  await vi.advanceTimersByTimeAsync(WAREHOUSE_MS_MAX + 50);
  expect(await Promise.race([asked, "nothing yet"])).toBe(WORDS);
  expect(ask).toHaveBeenCalledTimes(1);
});

/** How long the shop waits for it, twice over. */
const WAREHOUSE_MS_MAX = 10_000;

const WORDS = "The warehouse cannot be asked right now.";
