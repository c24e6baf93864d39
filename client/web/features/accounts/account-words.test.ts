import { expect, test } from "vitest";
import { AccountError } from "../../app/sign-in.ts";
import { accountWords } from "./account-words.ts";

test("a wrong password does not tell whether the account exists", () => {
  const codes = ["INVALID_EMAIL_OR_PASSWORD", "USER_NOT_FOUND", "INVALID_PASSWORD"];
  expect(new Set(codes.map((code) => accountWords(new AccountError(code, "x")))).size).toBe(1);
});

test("an address that is taken says to sign in", () => {
  for (const code of ["EMAIL_TAKEN", "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"]) {
    expect(accountWords(new AccountError(code, "x"))).toContain("sign in instead");
  }
});

test("a code without words of the page's own is told in the server's", () => {
  expect(accountWords(new AccountError("ACCOUNT_DEACTIVATED", "This account has been deactivated."))).toBe(
    "This account has been deactivated.",
  );
});

test("anything unexpected is told without its details", () => {
  expect(accountWords(new TypeError("undefined is not a function"))).not.toContain("undefined");
});
