import { argon2Sync } from "node:crypto";
import { expect, it } from "vitest";
import { hashPassword, isCurrentHash, verifyPassword } from "./passwords.ts";

it("hashes with OWASP's parameters for Argon2id, and a new salt each time", async () => {
  const [one, other] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(other).not.toBe(one);
  expect(await verifyPassword({ hash: one, password: "correct horse" })).toBe(true);
  expect(await verifyPassword({ hash: one, password: "correct horsf" })).toBe(false);
  expect(isCurrentHash(one)).toBe(true);
});

it("verifies a hash of other parameters, and knows that it is older", async () => {
  const parameters = { message: "password", nonce: Buffer.from("somesalt"), parallelism: 2, memory: 64, passes: 3 };
  const key = argon2Sync("argon2id", { ...parameters, tagLength: 24 }).toString("base64");
  const hash = `$argon2id$v=19$m=64,t=3,p=2$c29tZXNhbHQ$${key}`;
  expect(await verifyPassword({ hash, password: "password" })).toBe(true);
  expect(await verifyPassword({ hash, password: "passwore" })).toBe(false);
  expect(isCurrentHash(hash)).toBe(false);
});

it("takes one password for the same however it was typed", async () => {
  const composed = "Stra\u00dfencaf\u00e9";
  const hash = await hashPassword(composed);
  expect(await verifyPassword({ hash, password: "Stra\u00dfencafe\u0301" })).toBe(true);
});
