import { expect, test } from "vitest";
import { returnPath } from "./return-path.ts";

test("goes back to a path of this page", () => {
  expect(returnPath("/sales/3#item-7")).toBe("/sales/3#item-7");
});

test.each([undefined, "", "https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:0"])(
  "does not follow %j",
  (from) => {
    expect(returnPath(from)).toBe("/");
  },
);
