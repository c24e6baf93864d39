import fc from "fast-check";
import { expect, test } from "vitest";
import { type Parsers, setParsers, toParameter } from "./values.ts";

const parsers: Parsers = {};
setParsers(parsers);
const TEXT_ARRAY = 1009;
const INTEGER_ARRAY = 1007;
const readAgain = (array: unknown[]) => parsers[TEXT_ARRAY]?.(toParameter(array) ?? "");

test("an array literal reads back as what was written", () => {
  // Some that need no quotes, and some that only look so.
  const identifier = fc.string({ unit: fc.constantFrom(..."0afAF-,{") });
  const element = fc.option(fc.oneof(fc.string({ unit: "binary" }), fc.uuid(), identifier), { nil: null });
  fc.assert(
    fc.property(fc.array(element), (array) => {
      expect(readAgain(array)).toEqual(array);
    }),
  );
  fc.assert(
    fc.property(fc.array(identifier, { maxLength: 3 }), (array) => {
      expect(readAgain(array)).toEqual(array);
    }),
  );
  fc.assert(
    fc.property(fc.array(fc.array(element, { minLength: 1 }), { minLength: 1 }), (array) => {
      expect(readAgain(array)).toEqual(array);
    }),
  );
});

test("reads what PostgreSQL writes: bare elements, NULL, other lower bounds", () => {
  expect(parsers[TEXT_ARRAY]?.('{1,NULL,"NULL",a b}')).toEqual(["1", null, "NULL", "a b"]);
  expect(parsers[INTEGER_ARRAY]?.("[0:1]={3,4}")).toEqual([3, 4]);
  expect(parsers[INTEGER_ARRAY]?.("{}")).toEqual([]);
  expect(parsers[INTEGER_ARRAY]?.("{{1,2},{3,4}}")).toEqual([
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
  expect(parsers[20]?.("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => parsers[20]?.("9007199254740993")).toThrow(RangeError);
  expect(() => parsers[1016]?.("{1,-9007199254740993}")).toThrow(RangeError);
});
