import { expect, it } from "vitest";
import { headerOf, lineOf, money, plain, words } from "./csv.ts";

const cellOf = (text: string | null) => lineOf([words<string | null>("it", (row) => row)], text);

it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"])(
  "keeps %j from being taken for a formula",
  (text) => expect(cellOf(text)).toMatch(/^"?'/),
);

it.each([
  ["Cup;=cmd", "Cup;'=cmd\r\n"],
  ['Cup;"=cmd"', `"Cup;'""=cmd"""\r\n`],
  ["Cup\t@SUM(A1)", "Cup\t'@SUM(A1)\r\n"],
  ["Broken\n=cmd", '"Broken\n\'=cmd"\r\n'],
  ["Broken\r\n-1", '"Broken\r\n\'-1"\r\n'],
])("keeps %j from it too where the semicolon or the tab begins a cell, and quotes within one end none", (text, cell) =>
  expect(cellOf(text)).toBe(cell),
);

it("leaves words that only hold such signs as they are", () => {
  expect(cellOf("a=b -c +d @e; -f")).toBe("a=b -c +d @e; -f\r\n");
});

it("quotes by RFC 4180 what holds separators, quotes, line ends or spaces at its ends", () => {
  expect(cellOf("a,b")).toBe('"a,b"\r\n');
  expect(cellOf('say "hi"')).toBe('"say ""hi"""\r\n');
  expect(cellOf("one\ntwo")).toBe('"one\ntwo"\r\n');
  expect(cellOf(" a ")).toBe('" a "\r\n');
  expect(cellOf('="a","b"')).toBe(`"'=""a"",""b"""\r\n`);
  expect(cellOf("")).toBe("\r\n");
  expect(cellOf(null)).toBe("\r\n");
  expect(cellOf("Grüße 🎁")).toBe("Grüße 🎁\r\n");
});

it.each([
  [0, "0.00,0"],
  [5, "0.05,5"],
  [1_200, "12.00,1200"],
  [-1_205, "-12.05,-1205"],
  [-5, "-0.05,-5"],
  [900_719_925_474_099, "9007199254740.99,900719925474099"],
  [null, ","],
])("writes %s minor units exactly, as a decimal number and as they are", (cents, cells) => {
  expect(
    lineOf(
      money<number | null>("amount", (row) => row),
      cents,
    ),
  ).toBe(`${cells}\r\n`);
});

it("names its columns in the first line", () => {
  expect(headerOf([plain<never>("id", () => 1), ...money<never>("amount", () => 1)])).toBe(
    "id,amount,amount_minor\r\n",
  );
});
