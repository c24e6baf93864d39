import { expect, it } from "vitest";
import { hintsIn, hintTexts } from "./hints.ts";

const sender = crypto.randomUUID();

it("brings every sale to the others, in texts that PostgreSQL takes", () => {
  const saleIds = Array.from({ length: 1_001 }, (_, index) => Number.MAX_SAFE_INTEGER - index);
  const texts = hintTexts(sender, saleIds);
  for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThan(8_000);
  expect(texts.flatMap((text) => hintsIn(text, "another"))).toEqual(saleIds);
});

it("tells the sender nothing that it knows", () => {
  expect(hintTexts(sender, [1, 2]).flatMap((text) => hintsIn(text, sender))).toEqual([]);
});

it("takes no harm from foreign text", () => {
  expect(hintsIn("", sender)).toEqual([]);
  expect(hintsIn("someone x 0 -1 1.5 1e30 7", sender)).toEqual([7]);
});
