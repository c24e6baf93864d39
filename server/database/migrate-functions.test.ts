import { describe, expect, it } from "vitest";
import { changesOf, type StoredRoutine } from "./migrate-functions.ts";

const type = (name: string, field = "a") => ({ name, text: `-- A type.\ncreate type ${name} as (${field} text);` });
const routine = (name: string, { body = "1", takes = "p_a text", comment = "What it does." } = {}): StoredRoutine => ({
  name,
  text: `-- ${comment}\ncreate or replace function ${name}(${takes})\nreturns text\nas $$\n  select ${body};\n$$;`,
});
const names = (routines: readonly StoredRoutine[]) => routines.map(({ name }) => name);
const stored = [routine("a"), routine("b"), type("t")];

describe("what is done to the functions of a store", () => {
  it("is nothing where nothing changed", () => {
    expect(changesOf(stored, stored)).toEqual({ drop: [], create: [] });
  });

  it("is everything in an empty one, types first", () => {
    const { drop, create } = changesOf([], stored);
    expect([drop, names(create)]).toEqual([[], ["t", "a", "b"]]);
  });

  it("replaces in place where a body or a comment changed", () => {
    for (const change of [{ body: "2" }, { comment: "What it does, said better." }]) {
      const { drop, create } = changesOf(stored, [routine("a"), routine("b", change), type("t")]);
      expect([drop, names(create)]).toEqual([[], ["b"]]);
    }
  });

  it("drops first what takes or returns something else", () => {
    const { drop, create } = changesOf(stored, [routine("a"), routine("b", { takes: "p_b text" }), type("t")]);
    expect([names(drop), names(create)]).toEqual([["b"], ["b"]]);
  });

  it("drops what is gone", () => {
    const { drop, create } = changesOf(stored, [routine("a"), type("t")]);
    expect([names(drop), create]).toEqual([["b"], []]);
  });

  it("makes everything anew where a type changed, functions off it first", () => {
    const { drop, create } = changesOf(stored, [routine("a"), routine("b"), type("t", "b")]);
    expect([names(drop), names(create)]).toEqual([
      ["a", "b", "t"],
      ["t", "a", "b"],
    ]);
  });

  it("leaves a type alone whose comment changed", () => {
    const commented = { name: "t", text: `-- Said better.\n${type("t").text.split("\n")[1]}` };
    expect(changesOf(stored, [routine("a"), routine("b"), commented])).toEqual({ drop: [], create: [] });
  });
});
