import fc from "fast-check";
import { expect, test } from "vitest";
import { EventStreamParser, type StreamEvent } from "./event-stream.ts";

const TEXT =
  '\ufeffevent: connected\ndata: {}\n\n\n: a comment\nevent: ping\ndata: \n\n\r\ndata: one\r\ndata: two\r\n\r\ndata:{"a":"b: c"}\rid: 7\r\rdata: cut';
const EVENTS: StreamEvent[] = [
  { event: "connected", data: "{}" },
  { event: "ping", data: "" },
  { event: "message", data: "one\ntwo" },
  { event: "message", data: '{"a":"b: c"}' },
];

test("reads the same events however the stream is cut into pieces", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: TEXT.length })), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), TEXT.length];
      const parser = new EventStreamParser();
      const events = edges.slice(1).flatMap((edge, index) => parser.push(TEXT.slice(edges[index], edge)));
      expect(events).toEqual(EVENTS);
    }),
  );
});

test("does not keep more of one event than the shop could send", () => {
  const parser = new EventStreamParser();
  expect(() => {
    for (let piece = 0; piece < 2_000; piece++) parser.push("data: ".padEnd(1_000, "x"));
  }).toThrow(RangeError);
});
