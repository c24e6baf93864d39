import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { SaleUpdate } from "../../../../shared/sales.ts";
import type { WatchOptions } from "../../../sdk/index.ts";
import { SharedWatch, type TabChannel, type TabMessage } from "./shared-watch.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("many tabs of a sale have one stream, and all of them see what it brings", async () => {
  const browser = new Browser();
  const tabs = browser.open(3, 3, 3, 3, 3, 3, 3, 3);
  await pass(1_000);
  expect(browser.streams).toHaveLength(1);
  // Told when it changes, before the next beat.
  expect(tabs.map(({ states }) => states.at(-1))).toEqual(tabs.map(() => "open"));
  browser.streams[0]?.bring(7);
  await pass(0);
  expect(tabs.map(({ versions }) => versions)).toEqual(tabs.map(() => [7]));
});

test("a tab that comes later follows at once, and reads what it has missed", async () => {
  const browser = new Browser();
  browser.open(3);
  await pass(1_000);
  const [late] = browser.open(3);
  await pass(0);
  expect(late?.missed).toBe(1);
  await pass(60_000);
  expect(browser.streams).toHaveLength(1);
  expect(late?.missed).toBe(1);
});

test("tabs of another sale than the leader's have no stream, and read theirs at each beat", async () => {
  const browser = new Browser();
  browser.open(3);
  await pass(1_000);
  const [other] = browser.open(4);
  browser.streams[0]?.bring(7);
  await pass(10_000);
  expect(browser.streams).toHaveLength(1);
  expect(other?.versions).toEqual([]);
  expect(other?.missed).toBeGreaterThanOrEqual(5);
});

test("what a crowd buys in the leader's sale makes the tabs of another sale read no more often", async () => {
  const browser = new Browser();
  browser.open(3);
  await pass(1_000);
  const [other] = browser.open(4);
  await pass(0);
  for (let version = 1; version <= 100; version++) browser.streams[0]?.bring(version);
  await pass(0);
  expect(other?.missed).toBe(1);
});

test("when the leader leaves another tab leads at once", async () => {
  const browser = new Browser();
  const tabs = browser.open(3, 3, 3);
  await pass(1_000);
  browser.leader(tabs).watch.leave();
  await pass(400);
  expect(browser.streams).toHaveLength(1);
  browser.streams[0]?.bring(8);
  await pass(0);
  expect(tabs.filter(({ versions }) => versions.includes(8))).toHaveLength(2);
});

test("of many tabs that wait for a leader one comes forward, though they hear of it a moment later", async () => {
  const browser = new Browser();
  browser.hopMs = 2;
  const tabs = browser.open(3, 3, 3, 3, 3, 3, 3, 3);
  await pass(1_000);
  expect(browser.openedCount).toBe(1);
  browser.leader(tabs).watch.leave();
  await pass(1_000);
  expect(browser.openedCount).toBe(2);
});

test("a tab that leaves before it leads never leads, and nothing of it goes on", async () => {
  const browser = new Browser();
  const [tab] = browser.open(3);
  tab?.watch.leave();
  expect(vi.getTimerCount()).toBe(0);
  await pass(60_000);
  expect(browser.openedCount).toBe(0);
});

test("a leader that has left may be told to leave again, also when its stream failed before", async () => {
  const browser = new Browser();
  const [leader, unknown] = [...browser.open(3), ...browser.open(404)];
  await pass(60_000);
  for (const tab of [leader, unknown, leader, unknown]) expect(() => tab?.watch.leave()).not.toThrow();
  await pass(60_000);
  expect(browser.streams).toEqual([]);
});

test("when the leader crashes, or stands still, another tab leads within seconds", async () => {
  const browser = new Browser();
  const tabs = browser.open(3, 3, 3);
  await pass(1_000);
  browser.freeze(browser.leader(tabs));
  await pass(10_000);
  expect(browser.streams).toHaveLength(1);
  expect(browser.leader(tabs).isFrozen).toBe(false);
});

test.each([
  ["the new one", [0.2, 0.1]],
  ["the one that came back", [0.1, 0.2]],
])("of a new leader and one that comes back after it stood still one leads, the other reads: %s", async (_, ids) => {
  const browser = new Browser();
  browser.draws = [...ids];
  const [first, second] = [...browser.open(3), ...browser.open(3)] as [Tab, Tab];
  await pass(1_000);
  const before = browser.leader([first, second]);
  browser.freeze(before);
  await pass(10_000);
  expect(browser.leader([first, second])).not.toBe(before);
  const missed = new Map([first, second].map((tab) => [tab, tab.missed]));
  browser.thaw();
  await pass(5_000);
  expect(browser.streams).toHaveLength(1);
  const leader = browser.leader([first, second]);
  const follower = leader === first ? second : first;
  expect(follower.missed).toBe((missed.get(follower) ?? 0) + 1);
  expect(leader.missed).toBe(missed.get(leader));
});

test("a leader that hears another one leave goes on with the stream that it has", async () => {
  const browser = new Browser();
  browser.hopMs = 400;
  browser.draws = [0.2, 0.1];
  const [other] = browser.open(3, 3);
  await pass(200);
  expect(browser.streams).toHaveLength(2);
  other?.watch.leave();
  await pass(60_000);
  expect(browser.streams).toHaveLength(1);
  expect(browser.openedCount).toBe(2);
});

test("where tabs cannot hear each other each has its own stream", async () => {
  const browser = new Browser();
  browser.areApart = true;
  browser.open(3, 3);
  await pass(1_000);
  expect(browser.streams).toHaveLength(2);
});

test("a sale that cannot be watched leaves the lead to others", async () => {
  const browser = new Browser();
  browser.open(404);
  await pass(1_000);
  browser.open(3);
  await pass(1_000);
  expect(browser.streams.map(({ saleId }) => saleId)).toEqual([3]);
});

interface Tab {
  readonly watch: SharedWatch;
  readonly versions: number[];
  readonly states: string[];
  missed: number;
  isFrozen: boolean;
  readonly kept: (() => void)[];
}

interface Stream {
  readonly saleId: number;
  readonly tab: Tab;
  readonly bring: (version: number) => void;
}

/** Tabs that hear each other, and the streams that they have open. */
class Browser {
  readonly #channels = new Map<Tab, TabChannel>();
  areApart = false;
  /** How long a message is on its way. */
  hopMs = 0;
  /** What the next tabs draw by chance; others draw numbers that are well apart. */
  draws: number[] = [];
  openedCount = 0;
  #tabCount = 0;
  #opened: Stream[] = [];

  /** What stands still is not counted. */
  get streams(): Stream[] {
    return this.#opened.filter(({ tab }) => !tab.isFrozen);
  }

  open(...saleIds: number[]): Tab[] {
    return saleIds.map((saleId) => {
      const tab: Tab = { versions: [], states: [], missed: 0, isFrozen: false, kept: [] } as unknown as Tab;
      const draw = this.draws.shift() ?? (++this.#tabCount * 0.618) % 1;
      const watch = new SharedWatch(saleId, {
        onStateChange: (state) => tab.states.push(state),
        onUpdate: ({ version }) => tab.versions.push(version),
        onMissed: () => tab.missed++,
        watch: (_, options) => this.#stream(saleId, tab, options ?? {}),
        openChannel: () => (this.areApart ? undefined : this.#channel(tab)),
        random: () => draw,
      });
      return Object.assign(tab, { watch });
    });
  }

  leader(tabs: readonly Tab[]): Tab {
    const tab = tabs.find((one) => this.streams.some((stream) => stream.tab === one));
    if (!tab) throw new Error("Nobody leads");
    return tab;
  }

  /** What it would send or hear waits. */
  freeze(tab: Tab): void {
    tab.isFrozen = true;
  }

  thaw(): void {
    for (const tab of this.#channels.keys()) {
      tab.isFrozen = false;
      for (const work of tab.kept.splice(0)) work();
    }
  }

  #channel(tab: Tab): TabChannel {
    const channel: TabChannel = {
      onmessage: null,
      postMessage: (message) => {
        // As a browser's does.
        if (!this.#channels.has(tab)) throw new DOMException("Channel is closed", "InvalidStateError");
        const send = () => {
          for (const [other, receiver] of this.#channels) if (other !== tab) this.#deliver(other, receiver, message);
        };
        if (tab.isFrozen) tab.kept.push(send);
        else send();
      },
      close: () => void this.#channels.delete(tab),
    };
    this.#channels.set(tab, channel);
    return channel;
  }

  #deliver(tab: Tab, channel: TabChannel, data: TabMessage): void {
    const hear = () => this.#channels.has(tab) && channel.onmessage?.({ data } as MessageEvent<TabMessage>);
    if (tab.isFrozen) tab.kept.push(hear);
    else if (this.hopMs > 0) setTimeout(hear, this.hopMs);
    else queueMicrotask(hear);
  }

  async *#stream(saleId: number, tab: Tab, { signal, onStateChange }: WatchOptions): AsyncGenerator<SaleUpdate, void> {
    if (saleId === 404) throw new Error("There is no such sale");
    let wake = () => {};
    const updates: SaleUpdate[] = [];
    const stream = {
      saleId,
      tab,
      bring: (version: number) => {
        updates.push({ saleId, version } as SaleUpdate);
        wake();
      },
    };
    this.#opened.push(stream);
    this.openedCount++;
    signal?.addEventListener("abort", () => {
      this.#opened = this.#opened.filter((one) => one !== stream);
      wake();
    });
    onStateChange?.("connecting");
    await Promise.resolve();
    onStateChange?.("open");
    while (!signal?.aborted) {
      yield* updates.splice(0);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}

function pass(ms: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms);
}
