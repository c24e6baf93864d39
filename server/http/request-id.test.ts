import { expect, it } from "vitest";
import { newRequestId, requestIdOf } from "./request-id.ts";

it("keeps a proxy's id", () => {
  expect(requestIdOf({ headers: { "x-request-id": "0f3a-42.proxy_1" } })).toBe("0f3a-42.proxy_1");
});

it.each(["", "short", "a b c d e f g h", "line\nbreak-in-a-log", "x".repeat(65), '"},{"admin":true'])(
  "makes its own instead of %j",
  (given) => {
    expect(requestIdOf({ headers: { "x-request-id": given } })).toMatch(/^[0-9a-f-]{36}$/);
  },
);

it("never makes one twice, and makes UUIDs", () => {
  const ids = Array.from({ length: 20_000 }, newRequestId);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
