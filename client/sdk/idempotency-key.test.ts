import { expect, test } from "vitest";
import { newIdempotencyKey } from "./idempotency-key.ts";

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("makes a random UUID", () => {
  expect(newIdempotencyKey()).toMatch(UUID_V4);
  expect(newIdempotencyKey()).not.toBe(newIdempotencyKey());
});

test("makes a random UUID where the runtime has none of its own to give", () => {
  const source = { getRandomValues: crypto.getRandomValues.bind(crypto) };
  for (let round = 0; round < 200; round++) expect(newIdempotencyKey(source)).toMatch(UUID_V4);
  expect(newIdempotencyKey(source)).not.toBe(newIdempotencyKey(source));
});
