import { expect, test } from "vitest";
import { Tally } from "./tally.ts";

test("a purchase, a refusal and anything else are told apart, and the first strange answers are kept", () => {
  const tally = new Tally();
  const decides = [
    tally.add({ status: 200, body: '{"result":{"data":{"outcome":"purchased","position":1}}}' }, 1),
    tally.add({ status: 200, body: '{"result":{"data":{"outcome":"refused","code":"OUT_OF_STOCK"}}}' }, 2),
    ...Array.from({ length: 5 }, () => tally.add({ status: 429, body: '{"error":{}}' }, 3)),
  ];
  expect(decides).toEqual([true, true, false, false, false, false, false]);
  expect(tally.counts()).toMatchObject({
    answers: 7,
    purchased: 1,
    refused: 1,
    statuses: { 200: 2, 429: 5 },
    samples: ['429 {"error":{}}', '429 {"error":{}}', '429 {"error":{}}'],
    lost: 0,
    p50Ms: expect.closeTo(3, 1),
  });
});
