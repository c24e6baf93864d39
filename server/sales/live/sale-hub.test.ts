import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Fault } from "../../../shared/faults.ts";
import type { SaleUpdate } from "../../../shared/sales.ts";
import type { SaleState } from "./read-states.ts";
import { SaleHub, type SaleHubOptions } from "./sale-hub.ts";
import { watchSale } from "./watch-sale.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const HOUR_MS = 3_600_000;

/** A database of sales by id, whose clock is the test's, and a hub on it that nobody else disturbs. */
function setUp(options: Partial<SaleHubOptions> = {}) {
  const rows = new Map<number, { version: number; remaining: number; startsAtMs: number }>();
  const reads: number[][] = [];
  const published: number[][] = [];
  const hub = new SaleHub({
    read: async (saleIds) => {
      reads.push([...saleIds]);
      return saleIds.flatMap((saleId) => {
        const row = rows.get(saleId);
        return row ? [stateOf(saleId, row)] : [];
      });
    },
    publish: async (saleIds) => void published.push([...saleIds]),
    sweepMs: 24 * HOUR_MS,
    ...options,
  });
  const view = async (saleId: number) => {
    const updates: SaleUpdate[] = [];
    const end = vi.fn();
    const joining = hub.join(saleId, { receive: (frame) => void updates.push(frame.update), end });
    await vi.advanceTimersByTimeAsync(0);
    return { updates, end, leave: await joining };
  };
  const watch = async (saleId: number, options?: Parameters<typeof watchSale>[2]) => {
    const watching = watchSale(hub, saleId, options);
    await vi.advanceTimersByTimeAsync(0);
    return watching;
  };
  return { rows, reads, published, hub, view, watch };
}

function stateOf(
  saleId: number,
  { version, remaining, startsAtMs }: { version: number; remaining: number; startsAtMs: number },
): SaleState {
  return {
    saleId,
    version,
    startsAtMs,
    endsAtMs: startsAtMs + HOUR_MS,
    pausedAtMs: null,
    cancelledAtMs: null,
    items: [{ id: 1, remaining, version }],
    nowMs: Date.now(),
    readAtMs: performance.now(),
  };
}

const row = (version: number) => ({ version, remaining: 100 - version, startsAtMs: -1 });

describe("a viewer", () => {
  it("gets the present state at once when connecting", async () => {
    const { rows, view } = setUp();
    rows.set(1, row(5));
    const first = await view(1);
    const second = await view(1);
    expect(first.updates.map((update) => update.version)).toEqual([5]);
    expect(second.updates.map((update) => update.version)).toEqual([5]);
  });

  it("gets the time of the moment of connecting, not of an earlier read", async () => {
    const { rows, reads, view } = setUp();
    rows.set(1, row(5));
    await view(1);
    await vi.advanceTimersByTimeAsync(60_000);
    const second = await view(1);
    expect(reads).toHaveLength(1);
    expect(second.updates[0]?.serverTime).toBe(new Date(60_000).toISOString());
  });

  it("gets the last of many changes, and ten updates a second at most", async () => {
    const { rows, published, hub, view } = setUp();
    rows.set(1, row(0));
    const { updates } = await view(1);
    await vi.advanceTimersByTimeAsync(1_000);
    for (let version = 1; version <= 500; version++) {
      rows.set(1, row(version));
      hub.changed(1);
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(updates.at(-1)?.version).toBe(500);
    // At once, at 100, 200, 300, 400 and 500 ms; the first state came before.
    expect(updates).toHaveLength(1 + 6);
    expect(published).toHaveLength(6);
  });

  it("never sees a version fall, whatever was read", async () => {
    const { rows, hub, view } = setUp();
    rows.set(1, row(5));
    const { updates } = await view(1);
    for (const version of [4, 7, 6, 7, 3, 9]) {
      rows.set(1, row(version));
      hub.hint(1);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect(updates.map((update) => update.version)).toEqual([5, 7, 9]);
  });

  it("hears at the moment of the start that the sale is live, and at its end that it is over", async () => {
    const { rows, view } = setUp();
    rows.set(1, { version: 1, remaining: 1, startsAtMs: 2 * HOUR_MS });
    const { updates } = await view(1);
    await vi.advanceTimersByTimeAsync(2 * HOUR_MS - 1);
    expect(updates.map((update) => update.status)).toEqual(["scheduled"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(updates.map((update) => update.status)).toEqual(["scheduled", "live"]);
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(updates.map((update) => update.status)).toEqual(["scheduled", "live", "ended"]);
  });

  it("is told when there is no such sale", async () => {
    const { hub } = setUp();
    const joining = hub.join(1, { receive: () => {}, end: () => {} });
    const outcome = expect(joining).rejects.toMatchObject({ code: "NOT_FOUND" });
    await vi.advanceTimersByTimeAsync(0);
    await outcome;
    expect(hub.stats()).toEqual({ viewers: 0, sales: 0 });
  });

  it("misses nothing for long when every hint is lost", async () => {
    const { rows, view } = setUp({ sweepMs: 3_000 });
    rows.set(1, row(1));
    const { updates } = await view(1);
    rows.set(1, row(2));
    await vi.advanceTimersByTimeAsync(3_100);
    expect(updates.map((update) => update.version)).toEqual([1, 2]);
  });

  it("keeps watching through a time in which the database does not answer", async () => {
    const { rows, hub, view, reads } = setUp({ sweepMs: 3_000 });
    rows.set(1, row(1));
    const { updates } = await view(1);
    const get = vi.spyOn(rows, "get").mockImplementation(() => {
      throw new Error("the database is away");
    });
    hub.changed(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads.length).toBeGreaterThan(2);
    get.mockRestore();
    rows.set(1, row(2));
    await vi.advanceTimersByTimeAsync(3_100);
    expect(updates.map((update) => update.version)).toEqual([1, 2]);
  });
});

describe("the hub", () => {
  it("reads all sales that have viewers together, and none that has none", async () => {
    const { rows, reads, hub, view } = setUp();
    for (const saleId of [1, 2, 3]) rows.set(saleId, row(1));
    await view(1);
    await vi.advanceTimersByTimeAsync(200);
    const { leave } = await view(2);
    await vi.advanceTimersByTimeAsync(200);
    reads.length = 0;
    for (const saleId of [3, 2, 1, 2]) hub.changed(saleId);
    await vi.advanceTimersByTimeAsync(200);
    expect(reads).toEqual([[2, 1]]);
    leave();
    hub.changed(2);
    await vi.advanceTimersByTimeAsync(200);
    expect(reads).toEqual([[2, 1]]);
    expect(hub.stats()).toEqual({ viewers: 1, sales: 1 });
  });

  it("reads once for a crowd that comes at once", async () => {
    const { rows, reads, hub } = setUp();
    rows.set(1, row(1));
    const joining = Array.from({ length: 1_000 }, () => hub.join(1, { receive: () => {}, end: () => {} }));
    await vi.advanceTimersByTimeAsync(0);
    await Promise.all(joining);
    expect(reads).toEqual([[1]]);
  });

  it("lets the process get to other work while it tells a crowd", async () => {
    const { rows, hub } = setUp();
    rows.set(1, row(1));
    vi.useRealTimers();
    const told = { count: 0 };
    const receive = () => {
      told.count++;
      // Writing takes its time.
      for (const until = performance.now() + 0.01; performance.now() < until; );
    };
    const joining = Array.from({ length: 1_000 }, () => hub.join(1, { receive, end: () => {} }));
    const seen = new Set<number>();
    while (told.count < 1_000) {
      seen.add(told.count);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(joining);
    expect(seen.size).toBeGreaterThan(1);
    await hub.close();
  });

  it("takes no more viewers than it can hold, and as many again once they have left", async () => {
    const { rows, hub, view } = setUp({ viewersMax: 2 });
    rows.set(1, row(1));
    const { leave } = await view(1);
    await view(1);
    await expect(hub.join(1, { receive: () => {}, end: () => {} })).rejects.toMatchObject({ code: "OVERLOADED" });
    leave();
    leave();
    expect((await view(1)).updates).toHaveLength(1);
    await expect(hub.join(1, { receive: () => {}, end: () => {} })).rejects.toMatchObject({ code: "OVERLOADED" });
  });

  it("takes a slot for each viewer and gives it back once, also when the sale is unknown", async () => {
    let slots = 2;
    const takeSlot = () => {
      if (slots === 0) throw new Fault("RATE_LIMITED");
      slots--;
      return () => void slots++;
    };
    const { rows, hub } = setUp({ takeSlot });
    rows.set(1, row(1));
    const watcher = { address: "127.0.0.1", userId: undefined };
    const viewer = () => ({ receive: () => {}, end: () => {} });
    const unknown = expect(hub.join(2, viewer(), watcher)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await vi.advanceTimersByTimeAsync(0);
    await unknown;
    const joining = [hub.join(1, viewer(), watcher), hub.join(1, viewer(), watcher)];
    await expect(hub.join(1, viewer(), watcher)).rejects.toMatchObject({ code: "RATE_LIMITED" });
    await vi.advanceTimersByTimeAsync(200);
    for (const leave of await Promise.all(joining)) {
      leave();
      leave();
    }
    expect(slots).toBe(2);
    expect(hub.stats()).toEqual({ viewers: 0, sales: 0 });
  });

  it("ends all streams when it closes, and takes no new ones", async () => {
    const { rows, hub, view } = setUp();
    rows.set(1, row(1));
    const { end } = await view(1);
    await hub.close();
    expect(end).toHaveBeenCalledOnce();
    await expect(hub.join(1, { receive: () => {}, end: () => {} })).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});

describe("watchSale", () => {
  it("gives a slow reader only the newest, and leaves when its signal is aborted", async () => {
    const { rows, hub, watch } = setUp();
    rows.set(1, row(1));
    const controller = new AbortController();
    const updates = await watch(1, { signal: controller.signal });
    for (let version = 2; version <= 9; version++) {
      rows.set(1, row(version));
      hub.changed(1);
      await vi.advanceTimersByTimeAsync(200);
    }
    expect((await updates.next()).value?.version).toBe(9);
    const waiting = updates.next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(hub.stats()).toEqual({ viewers: 0, sales: 0 });
  });

  it("leaves when its reader returns, also while that waits", async () => {
    const { rows, hub, watch } = setUp();
    rows.set(1, row(1));
    const updates = await watch(1);
    await updates.next();
    const waiting = updates.next();
    await updates.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(hub.stats()).toEqual({ viewers: 0, sales: 0 });
  });

  it("ends when the hub closes, so that the reader can come again elsewhere", async () => {
    const { rows, hub, watch } = setUp();
    rows.set(1, row(1));
    const updates = await watch(1);
    await updates.next();
    const waiting = updates.next();
    await hub.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});
