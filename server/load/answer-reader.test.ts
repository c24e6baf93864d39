import { describe, expect, test } from "vitest";
import { type Answer, answerReader } from "./answer-reader.ts";

const BY_LENGTH = 'HTTP/1.1 200 OK\r\nX-Some: thing\r\nContent-Length: 14\r\n\r\n{"outcome":"a"';
const IN_CHUNKS =
  "HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\nC;x=1\r\n, \r\n you all\r\n0\r\n\r\n";
const EMPTY = "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n";

const CASES: [string, string, Answer][] = [
  ["by its length", BY_LENGTH, { status: 200, body: '{"outcome":"a"' }],
  ["in chunks, with line ends in them", IN_CHUNKS, { status: 503, body: "hello, \r\n you all" }],
  ["without a body", EMPTY, { status: 204, body: "" }],
];

describe.each(CASES)("an answer %s", (_, text, expected) => {
  test("is whole when it comes in one piece", () => {
    expect(answerReader()(Buffer.from(text))).toEqual(expected);
  });

  test("is whole with its last byte, wherever it was cut", () => {
    for (let cut = 1; cut < text.length; cut++) {
      const read = answerReader();
      expect(read(Buffer.from(text.slice(0, cut)))).toBeUndefined();
      expect(read(Buffer.from(text.slice(cut)))).toEqual(expected);
    }
  });

  test("is whole when its bytes come one by one, in a buffer that is used again", () => {
    const read = answerReader();
    const buffer = Buffer.alloc(1);
    const answers = [...text].map((character) => {
      buffer.write(character, "latin1");
      return read(buffer);
    });
    expect(answers.filter(Boolean)).toEqual([expected]);
    expect(answers.at(-1)).toEqual(expected);
  });
});

test("one connection gives answer after answer", () => {
  const read = answerReader();
  for (const [, text, expected] of [...CASES, ...CASES]) {
    const half = Math.floor(text.length / 2);
    expect(read(Buffer.from(text.slice(0, half)))).toBeUndefined();
    expect(read(Buffer.from(text.slice(half)))).toEqual(expected);
  }
});

test("what is not HTTP, or has no end, is an error instead of a wait for ever", () => {
  expect(() => answerReader()(Buffer.from("SSH-2.0-x\r\n\r\n"))).toThrow("not an HTTP response");
  expect(() => answerReader()(Buffer.from("HTTP/1.1 200 OK\r\n\r\nabc"))).toThrow("without a length");
});
