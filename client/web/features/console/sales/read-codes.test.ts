import { expect, test } from "vitest";
import { addedWords, readCodes, removeWords } from "./read-codes.ts";

const NOTHING = { codes: "", random: "", usesMax: "1" };

test.each([
  [NOTHING, { codes: "Please give some, or say how many random ones." }],
  [{ ...NOTHING, codes: "ab, summer" }, { codes: expect.stringContaining("“ab” is none") }],
  [
    { ...NOTHING, codes: Array.from({ length: 501 }, (_, at) => `CODE${at}`).join() },
    { codes: "At most 500 at once." },
  ],
  [{ ...NOTHING, random: "501" }, { random: "A whole number from 1 to 500." }],
  [{ ...NOTHING, random: "many" }, { random: "A whole number from 1 to 500." }],
  [{ ...NOTHING, codes: "summer", random: "3" }, { random: expect.stringContaining("not both") }],
  [{ ...NOTHING, random: "3", usesMax: "no" }, { usesMax: expect.stringContaining("10,000,000, or nothing") }],
])("of %o, what is wrong stands at its own field, in words", (typed, errors) => {
  expect(readCodes(3, typed)).toEqual({ errors });
});

test("codes of one's own are sent as they are", () => {
  const { sent } = readCodes(3, { codes: "summer sun; winter\n", random: "", usesMax: "" });
  expect(sent).toEqual({ isRandom: false, input: { saleId: 3, codes: ["summer sun", " winter"], usesMax: null } });
});

test("random codes whose answer was lost are the same ones when they are asked for again", () => {
  const typed = { ...NOTHING, random: "3" };
  const { sent } = readCodes(3, typed);
  expect(new Set(sent?.input.codes).size).toBe(3);
  for (const code of sent?.input.codes ?? []) expect(code).toMatch(/^[346-9AC-HJKMNPQRTUW-Y]{10}$/);
  expect(readCodes(3, typed, sent).sent).toEqual(sent);
  expect(readCodes(3, { ...typed, random: "4" }, sent).sent?.input.codes).toHaveLength(4);
  expect(addedWords({ added: [], known: sent?.input.codes ?? [] }, true)).toBe("3 codes were added.");
  expect(addedWords({ added: [], known: ["SUMMER"] }, false)).toBe("0 codes were added. 1 were there already.");
});

test("what is removed with a code is said in numbers", () => {
  expect(removeWords("SUMMER", 3, 1_000)).toMatch(/would let in 997 more.*The 3 it has let in stay in\./);
  expect(removeWords("SUMMER", 0, null)).toMatch(/any number of buyers.*let nobody in\./);
});
