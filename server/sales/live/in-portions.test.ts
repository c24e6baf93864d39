import { expect, it } from "vitest";
import { inPortions } from "./in-portions.ts";

/** Works through a crowd on a clock of its own, and notes how many were done in each portion. */
async function portions({ crowd, itemMs, othersMs }: { crowd: number; itemMs: number; othersMs: number }) {
  let nowMs = 0;
  const sizes = [0];
  await inPortions(
    Array.from({ length: crowd }),
    () => {
      nowMs += itemMs;
      sizes[sizes.length - 1] = (sizes.at(-1) ?? 0) + 1;
    },
    {
      now: () => nowMs,
      yieldToOthers: async () => {
        nowMs += othersMs;
        sizes.push(0);
      },
    },
  );
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(crowd);
  return sizes;
}

it("takes small portions while there is little else to do", async () => {
  expect((await portions({ crowd: 1_000, itemMs: 1 / 128, othersMs: 1 / 16 })).slice(0, 3)).toEqual([64, 64, 64]);
});

it("takes as much time as the other work does", async () => {
  expect((await portions({ crowd: 1_000, itemMs: 1 / 128, othersMs: 2 })).slice(0, 3)).toEqual([64, 256, 256]);
});

it("takes no more than a few ms at a time, however much else there is to do", async () => {
  expect((await portions({ crowd: 2_000, itemMs: 1 / 128, othersMs: 400 })).slice(0, 3)).toEqual([64, 640, 640]);
});

it("lets the process get to what is ready between two portions", async () => {
  const crowd = new Set([1, 2, 3, 4]);
  const seen: number[] = [];
  let nowMs = 0;
  const telling = inPortions(crowd, (item) => void seen.push(item), { now: () => (nowMs += 1) });
  expect(seen).toEqual([1]);
  crowd.delete(3);
  await telling;
  expect(seen).toEqual([1, 2, 4]);
});
