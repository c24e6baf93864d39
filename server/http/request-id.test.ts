import { expect, it } from "vitest";
import { requestIdOf } from "./request-id.ts";

it("keeps a proxy's id", () => {
  expect(requestIdOf({ headers: { "x-request-id": "0f3a-42.proxy_1" } })).toBe("0f3a-42.proxy_1");
});

it.each(["", "short", "a b c d e f g h", "line\nbreak-in-a-log", "x".repeat(65), '"},{"admin":true'])(
  "makes its own instead of %j",
  (given) => {
    expect(requestIdOf({ headers: { "x-request-id": given } })).toMatch(/^[0-9a-f-]{36}$/);
  },
);
