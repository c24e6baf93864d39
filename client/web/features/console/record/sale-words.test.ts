import { expect, it } from "vitest";
import { saleNamed, saleWords } from "./sale-words.ts";

it("tells sales of one name apart by their start, with its year", () => {
  const friday = { id: 1, name: "Friday", startsAt: "2026-12-04T12:00:00.000Z" };
  const next = { id: 2, name: "Friday", startsAt: "2026-12-11T12:00:00.000Z" };
  expect(saleWords(friday)).toMatch(/^Friday, 4 Dec 2026, /);
  expect(saleNamed(next)).toEqual({ id: 2, name: expect.stringMatching(/^Friday, 11 Dec 2026, /) });
});
