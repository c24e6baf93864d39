import { describe, expect, test } from "vitest";
import { ArgumentError, parseArguments } from "./arguments.ts";

const KNOWN = ["P1", "P4"];

test("without arguments everything is measured in three rounds", () => {
  expect(parseArguments([], KNOWN)).toEqual({
    only: undefined,
    rounds: 3,
    roundMs: 2_000,
    minutes: 9,
    storedAttempts: 5_000_000,
    jsonFile: undefined,
    against: undefined,
    help: false,
  });
});

test("figures are named as people type them", () => {
  expect(parseArguments(["--only", "p1, P4"], KNOWN).only).toEqual(["P1", "P4"]);
});

test("files are taken as they are", () => {
  expect(parseArguments(["--json", "a b.json"], KNOWN).jsonFile).toBe("a b.json");
});

test("the version to compare with is a revision as git knows it", () => {
  expect(parseArguments(["--only", "P1", "--against", "main~3"], KNOWN).against).toBe("main~3");
});

describe("what cannot be meant is refused with a sentence", () => {
  test.each([
    [["--only", "P1,P99"], "There is no figure P99: P1, P4."],
    [["--rounds", "0"], "--rounds takes a whole number from 1 to 100."],
    [["--rounds", "many"], "--rounds takes a whole number from 1 to 100."],
    [["--rounds", "1e2"], "--rounds takes a whole number from 1 to 100."],
    [["--seconds", "2.5"], "--seconds takes a whole number from 1 to 600."],
    [["--against"], "--against"],
    [["--quick"], "--quick"],
    [["P1"], "P1"],
  ])("%j", (argv, sentence) => {
    expect(() => parseArguments(argv, KNOWN)).toThrow(ArgumentError);
    expect(() => parseArguments(argv, KNOWN)).toThrow(sentence);
  });
});
