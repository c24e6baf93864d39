import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Fault } from "../../shared/faults.ts";
import { decodeCursor, encodeCursor, page } from "./paging.ts";

const schema = z.tuple([z.string(), z.int()]);

describe("cursors", () => {
  it("come back as they went out", () => {
    fc.assert(
      fc.property(fc.string(), fc.maxSafeInteger(), (text, number) => {
        expect(decodeCursor(encodeCursor([text, number]), schema)).toEqual([text, number]);
      }),
    );
  });

  it("are absent on the first page", () => {
    expect(decodeCursor(null, schema)).toBeUndefined();
    expect(decodeCursor(undefined, schema)).toBeUndefined();
  });

  it("are refused when they are not the list's own, whatever they hold", () => {
    const foreign = ["", "?", "e30", encodeCursor([]), encodeCursor([1, "x"]), encodeCursor(["x", 1, 2])];
    for (const cursor of foreign) {
      expect(() => decodeCursor(cursor, schema), cursor).toThrow(
        expect.objectContaining({ constructor: Fault, code: "INVALID_INPUT" }),
      );
    }
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (cursor) => {
        expect(() => decodeCursor(cursor, z.tuple([z.literal("never")]))).toThrow(Fault);
      }),
    );
  });
});

describe("page", () => {
  const cursorOf = (row: number) => encodeCursor([row]);

  it("says that another page follows when one row too many was read, and leaves that row for it", () => {
    expect(page([1, 2, 3], 2, cursorOf)).toEqual({ items: [1, 2], nextCursor: cursorOf(2) });
  });

  it("is the last one when no row was left over", () => {
    expect(page([1, 2], 2, cursorOf)).toEqual({ items: [1, 2], nextCursor: null });
    expect(page([], 2, cursorOf)).toEqual({ items: [], nextCursor: null });
  });
});
