import { expect, it, vi } from "vitest";
import type { EventBytes } from "./event-response.ts";
import { Frame } from "./sale-feed.ts";
import { ViewerStream } from "./viewer-stream.ts";

/** A response whose other side does not read when it is told so. */
function response() {
  const written: string[] = [];
  const fake = {
    isReading: true,
    written,
    open: vi.fn(
      (_headers: unknown, ...events: EventBytes[]) => events.map((event) => fake.write(event)).at(-1) ?? true,
    ),
    write(event: EventBytes) {
      written.push(event.plain.toString());
      return fake.isReading;
    },
    onceDrained() {},
    end: vi.fn(),
    destroy: vi.fn(),
  };
  return fake;
}

function frame(version: number): Frame {
  const at = new Date(0).toISOString();
  return new Frame({ saleId: 1, version, status: "live", serverTime: at, startsAt: at, endsAt: at, items: [] });
}

function versions(written: readonly string[]): number[] {
  return written.flatMap((text) => {
    const data = /^data: (\{.*"version".*\})\n\n$/.exec(text)?.[1];
    return data === undefined ? [] : [JSON.parse(data).version];
  });
}

it("opens the response once, with the first update, and sends nothing before there is one", () => {
  const viewer = response();
  const headers = vi.fn(() => ({ "x-one": "1" }));
  const stream = new ViewerStream(viewer, headers);
  stream.ping();
  stream.end();
  expect(viewer.written).toEqual([]);
  expect(viewer.end).not.toHaveBeenCalled();
  stream.receive(frame(1));
  stream.receive(frame(2));
  expect(headers).toHaveBeenCalledOnce();
  expect(viewer.open).toHaveBeenCalledOnce();
  expect(viewer.open.mock.calls[0]?.[0]).toEqual({ "x-one": "1" });
  expect(viewer.written[0]).toMatch(/^event: connected\ndata: \{"reconnectAfterInactivityMs":\d+\}\n\n$/);
  expect(versions(viewer.written)).toEqual([1, 2]);
});

it("cuts off a viewer that has not read for long, not one that reads", () => {
  vi.useFakeTimers();
  const quick = response();
  const dead = response();
  const streams = [quick, dead].map((each) => new ViewerStream(each, () => ({})));
  dead.isReading = false;
  for (const stream of streams) stream.receive(frame(1));
  vi.advanceTimersByTime(60_000);
  for (const stream of streams) stream.ping();
  vi.useRealTimers();
  expect(quick.destroy).not.toHaveBeenCalled();
  expect(quick.written.at(-1)).toBe("event: ping\ndata: \n\n");
  expect(dead.destroy).toHaveBeenCalledOnce();
});

it("cuts off at the end whoever does not read, and lets the others read to the end", () => {
  const quick = response();
  const dead = response();
  dead.isReading = false;
  for (const each of [quick, dead]) {
    const stream = new ViewerStream(each, () => ({}));
    stream.receive(frame(1));
    stream.end();
  }
  expect([quick.end, dead.end].map((end) => end.mock.calls.length)).toEqual([1, 0]);
  expect([quick.destroy, dead.destroy].map((destroy) => destroy.mock.calls.length)).toEqual([0, 1]);
});

it("serialises an update once, however many viewers it goes to", () => {
  const { event } = frame(1);
  expect(event.plain).toBe(event.plain);
  expect(event.chunk).toBe(event.chunk);
  const update = frame(1);
  expect(update.event).toBe(update.event);
});
