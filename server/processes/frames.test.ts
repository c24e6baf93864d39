import fc from "fast-check";
import { expect, it } from "vitest";
import { FrameReader, toFrame } from "./frames.ts";

it("reads every message again, in whatever pieces it arrives", () => {
  const messages = fc.array(fc.oneof(fc.jsonValue(), fc.record({ text: fc.string({ unit: "binary" }) })));
  const cuts = fc.array(fc.nat(1_000));
  fc.assert(
    fc.property(messages, cuts, (sent, lengths) => {
      const stream = Buffer.concat(sent.map(toFrame));
      const reader = new FrameReader();
      const received: unknown[] = [];
      for (let start = 0, turn = 0; start < stream.length; turn++) {
        const length = (lengths[turn % lengths.length] ?? 0) + 1;
        received.push(...reader.push(stream.subarray(start, start + length)));
        start += length;
      }
      expect(received).toEqual(sent.map((message) => JSON.parse(JSON.stringify(message))));
    }),
  );
});

it("does not wait for a message that is longer than any of ours", () => {
  expect(() => new FrameReader().push(Buffer.from("GET / HTTP/1.1\r\n\r\n"))).toThrow("a frame of");
});
