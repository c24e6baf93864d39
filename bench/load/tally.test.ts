import { expect, test } from "vitest";
import { newTally, tallyAnswer } from "./tally.ts";

test("a purchase, a refusal and anything else are told apart, and the first strange answers are kept", () => {
  const tally = newTally();
  tallyAnswer(tally, { status: 200, body: '{"result":{"data":{"outcome":"purchased","position":1}}}' });
  tallyAnswer(tally, { status: 200, body: '{"result":{"data":{"outcome":"refused","code":"OUT_OF_STOCK"}}}' });
  for (let n = 0; n < 5; n++) tallyAnswer(tally, { status: 429, body: '{"error":{}}' });
  expect(tally).toEqual({
    purchased: 1,
    refused: 1,
    statuses: { 200: 2, 429: 5 },
    samples: ['429 {"error":{}}', '429 {"error":{}}', '429 {"error":{}}'],
    lost: 0,
  });
});
