import { expect, test } from "vitest";
import { sortOf, sortText } from "./table-sort.ts";

const NAMES = ["name", "startsAt"] as const;
const BY_DEFAULT = { by: "startsAt", isDescending: true } as const;

test("reads what it writes", () => {
  for (const text of ["name", "-name", "startsAt", "-startsAt"]) {
    expect(sortText(sortOf(text, NAMES, BY_DEFAULT))).toBe(text);
  }
});

test.each([undefined, "", "-", "price", "--name", "toString"])("takes %j for the default", (text) => {
  expect(sortOf(text, NAMES, BY_DEFAULT)).toEqual(BY_DEFAULT);
});
