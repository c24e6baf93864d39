import fc from "fast-check";
import { expect, test } from "vitest";
import { readArrayLiteral, writeArrayLiteral } from "./array-literal.ts";
import { type Parsers, setParsers, toParameter } from "./values.ts";

const text = (value: unknown) => (value === null ? null : String(value));

test("an array literal reads back as what was written", () => {
  // Some that need no quotes, and some that only look so.
  const identifier = fc.string({ unit: fc.constantFrom(..."0afAF-,{") });
  const element = fc.option(fc.oneof(fc.string({ unit: "binary" }), fc.uuid(), identifier), { nil: null });
  fc.assert(
    fc.property(fc.array(element), (array) => {
      expect(readArrayLiteral(writeArrayLiteral(array, text), (value) => value)).toEqual(array);
    }),
  );
  fc.assert(
    fc.property(fc.array(identifier, { maxLength: 3 }), (array) => {
      expect(readArrayLiteral(writeArrayLiteral(array, text), (value) => value)).toEqual(array);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(element, { minLength: 1 }), { minLength: 1 }), (array) => {
      expect(readArrayLiteral(writeArrayLiteral(array, text), (value) => value)).toEqual(array);
    }),
  );
});

test("reads what PostgreSQL writes: bare elements, NULL, other lower bounds", () => {
  expect(readArrayLiteral('{1,NULL,"NULL",a b}', (value) => value)).toEqual(["1", null, "NULL", "a b"]);
  expect(readArrayLiteral("[0:1]={3,4}", Number)).toEqual([3, 4]);
  expect(readArrayLiteral("{}", Number)).toEqual([]);
  expect(readArrayLiteral("{{1,2},{3,4}}", Number)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test("parameters become text, and what has no meaning is refused", () => {
  expect([null, 1.5, true, 2n ** 60n, "x"].map(toParameter)).toEqual([null, "1.5", "true", "1152921504606846976", "x"]);
  expect(toParameter(new Date(0))).toBe("1970-01-01T00:00:00.000Z");
  expect(toParameter({ a: [1] })).toBe('{"a":[1]}');
  expect(toParameter(new Uint8Array([1, 255]))).toBe("\\x01ff");
  expect(toParameter([new Date(0), null, undefined])).toBe('{"1970-01-01T00:00:00.000Z",NULL,NULL}');
  expect(() => toParameter(undefined)).toThrow("cannot be undefined");
});

test("a bigint that would lose digits throws", () => {
  const parsers: Parsers = {};
  setParsers(parsers);
  expect(parsers[20]?.("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => parsers[20]?.("9007199254740993")).toThrow(RangeError);
  expect(() => parsers[1016]?.("{1,-9007199254740993}")).toThrow(RangeError);
});
