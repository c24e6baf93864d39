import { expect, it } from "vitest";
import { keyStatus } from "./key-words.ts";

it("says whether a key works, and if not, why", () => {
  const nowMs = Date.parse("2030-01-01T00:00:00Z");
  const key = {
    keyId: "k",
    name: "Till",
    scopes: ["read"] as const,
    ownerId: "o",
    ownerName: "Otto",
    createdAt: "2029-01-01T00:00:00Z",
    lastUsedAt: null,
    expiresAt: null,
    revokedAt: null,
    works: false,
  };
  expect(keyStatus({ ...key, works: true }, nowMs).text).toBe("Works");
  expect(keyStatus({ ...key, revokedAt: "2029-02-01T00:00:00Z" }, nowMs).text).toBe("Revoked");
  expect(keyStatus({ ...key, expiresAt: "2029-02-01T00:00:00Z" }, nowMs).text).toBe("Ended");
  expect(keyStatus(key, nowMs).text).toContain("owner");
});
