import { expect, it, vi } from "vitest";
import { Frame } from "./frame.ts";
import { ViewerStream } from "./viewer-stream.ts";

/** A response whose other side reads only when told to. */
function response() {
  const written: string[] = [];
  let drain: (() => void) | undefined;
  const fake = {
    isReading: true,
    written,
    write(bytes: Buffer) {
      written.push(bytes.toString());
      return fake.isReading;
    },
    once(_event: "drain", listener: () => void) {
      drain = listener;
    },
    readAgain() {
      fake.isReading = true;
      drain?.();
    },
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

it("keeps only the newest update for a viewer that does not read, and sends it when the viewer reads again", () => {
  const slow = response();
  const stream = new ViewerStream(slow, () => {});
  stream.receive(frame(1));
  slow.isReading = false;
  for (let version = 2; version <= 1_000; version++) stream.receive(frame(version));
  expect(versions(slow.written)).toEqual([1, 2]);
  slow.readAgain();
  expect(versions(slow.written)).toEqual([1, 2, 1_000]);
});

it("writes the head once, before the first update, and nothing before there is one", () => {
  const open = response();
  const head = vi.fn(() => expect(open.written).toEqual([]));
  const stream = new ViewerStream(open, head);
  stream.ping();
  stream.end();
  expect(open.written).toEqual([]);
  expect(open.end).not.toHaveBeenCalled();
  stream.receive(frame(1));
  stream.receive(frame(2));
  expect(head).toHaveBeenCalledOnce();
  expect(open.written[0]).toMatch(/^event: connected\ndata: \{"reconnectAfterInactivityMs":\d+\}\n\n$/);
});

it("cuts off a viewer that has not read for long, not one that reads", () => {
  vi.useFakeTimers();
  const quick = response();
  const dead = response();
  const streams = [quick, dead].map((each) => new ViewerStream(each, () => {}));
  dead.isReading = false;
  for (const stream of streams) stream.receive(frame(1));
  vi.advanceTimersByTime(60_000);
  for (const stream of streams) stream.ping();
  vi.useRealTimers();
  expect(quick.destroy).not.toHaveBeenCalled();
  expect(quick.written.at(-1)).toBe("event: ping\ndata: \n\n");
  expect(dead.destroy).toHaveBeenCalledOnce();
});

it("serialises an update once, however many viewers it goes to", () => {
  const update = frame(1);
  expect(update.event).toBe(update.event);
});
