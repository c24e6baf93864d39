import { expect, it } from "vitest";
import { Fault } from "../../shared/faults.ts";
import { eventually } from "../testing/eventually.ts";
import { FigureFeeds, READERS_PER_USER_MAX } from "./feeds.ts";
import type { SaleRead } from "./read-sale.ts";
import { Tally } from "./tally.ts";

const SERVER = { name: "web", waiting: 0, longest: 0, viewers: 0, p50Ms: null, p99Ms: null };

function readOf(nowMs: number): SaleRead {
  const sale = {
    id: 1,
    name: "A sale",
    currency: "EUR",
    startsAtMs: 0,
    endsAtMs: 9_000,
    pausedAtMs: null,
    cancelledAtMs: null,
    nowMs,
    below: "",
  };
  return { sale, items: [], tally: new Tally(1), changes: [], refundedCents: 0, isComplete: true };
}

function reader(userId: string) {
  return { userId, stillMay: async () => true };
}

/** Feeds whose reads answer when the test says so. */
function openFeeds() {
  const reads: PromiseWithResolvers<SaleRead>[] = [];
  const feeds = new FigureFeeds({
    read: () => {
      const read = Promise.withResolvers<SaleRead>();
      reads.push(read);
      return read.promise;
    },
    server: async () => SERVER,
    onError: () => {},
  });
  return { feeds, reads };
}

it("read once for thirty who watch a sale, and each gets the same", async () => {
  const { feeds, reads } = openFeeds();
  const watching = Array.from({ length: 30 }, (_, n) => feeds.watch(1, reader(`${n}`)));
  expect(reads).toHaveLength(1);
  reads[0]?.resolve(readOf(5_000));
  const streams = await Promise.all(watching);
  const seen = await Promise.all(streams.map((stream) => stream.next()));
  expect(new Set(seen.map(({ value }) => value)).size).toBe(1);
  expect(seen[0]?.value).toMatchObject({ saleId: 1, version: 5_000, status: "live" });
  // Who comes later is shown at once what is known.
  const late = await feeds.watch(1, reader("late"));
  expect((await late.next()).value).toBe(seen[0]?.value);
  expect(reads).toHaveLength(1);
  await feeds.close();
});

it("leave room for others, however many one user opens, and have it back when one is closed or ends", async () => {
  const { feeds, reads } = openFeeds();
  const watching = feeds.watch(1, reader("a"));
  reads[0]?.resolve(readOf(5_000));
  const first = await watching;
  const may = { still: true };
  const stillMay = async () => may.still;
  for (let n = 1; n < READERS_PER_USER_MAX; n++) await feeds.watch(1, { userId: "a", stillMay });
  await expect(feeds.watch(1, reader("a"))).rejects.toMatchObject({ code: "RATE_LIMITED", retryAfterMs: 10_000 });
  await feeds.watch(1, reader("b"));
  await first.return?.();
  const again = await feeds.watch(1, reader("a"));
  expect((await again.next()).value).toMatchObject({ saleId: 1 });

  may.still = false;
  await eventually("the others have ended", () => feeds.watch(1, reader("a")).catch(() => undefined));
  const closing = feeds.close();
  for (const read of reads) read.resolve(readOf(6_000));
  await closing;
});

it("tell all who wait of a sale that is not there, and read anew for whoever asks again", async () => {
  const { feeds, reads } = openFeeds();
  const watching = [feeds.watch(1, reader("a")), feeds.watch(1, reader("b"))];
  reads[0]?.reject(new Fault("NOT_FOUND"));
  for (const watched of await Promise.allSettled(watching)) expect(watched).toMatchObject({ status: "rejected" });
  const again = feeds.watch(1, reader("a"));
  expect(reads).toHaveLength(2);
  reads[1]?.resolve(readOf(1_000));
  await again;
  await feeds.close();
});

it("show versions that only rise, and to a reader that is slow the newest", async () => {
  const { feeds, reads } = openFeeds();
  const watching = feeds.watch(1, reader("a"));
  reads[0]?.resolve(readOf(5_000));
  const stream = await watching;
  await stream.next();
  const answer = async (nowMs: number) => {
    const count = reads.length;
    while (reads.length === count) await new Promise((resolve) => setTimeout(resolve, 20));
    reads[count]?.resolve(readOf(nowMs));
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  // Of a database whose clock was set back: nothing that is older is shown.
  await answer(4_000);
  await answer(6_000);
  await answer(7_000);
  expect((await stream.next()).value).toMatchObject({ version: 7_000 });
  await feeds.close();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
}, 20_000);
