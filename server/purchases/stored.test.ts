import { expect, it } from "vitest";
import { storedKey } from "./stored.ts";

const userId = "018f2f4e-1c5e-7000-8000-00000000000a";
const stored = (idempotencyKey: string, of = userId) => storedKey({ userId: of, idempotencyKey });

it("keeps a UUID as it is", () => {
  const key = crypto.randomUUID();
  expect(stored(key)).toBe(key);
});

it("makes a UUID of version 8 of any other key, one for each key of each buyer", () => {
  const uuid = crypto.randomUUID();
  const keys = [
    "k",
    "K",
    "x".repeat(255),
    "x".repeat(254),
    uuid.toUpperCase(),
    uuid.replaceAll("-", ""),
    `{${uuid}}`,
    `x${uuid}`,
    `${uuid}x`,
  ];
  const made = [...keys.map((key) => stored(key)), stored("k", crypto.randomUUID())];
  for (const key of made) expect(key).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/);
  expect(new Set(made).size).toBe(made.length);
});

it("lets no key pass for another one's hash", () => {
  expect(stored(stored("k"))).not.toBe(stored("k"));
});
