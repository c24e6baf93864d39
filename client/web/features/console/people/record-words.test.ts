import { expect, it } from "vitest";
import type { AuditAction } from "../../../../../shared/audit.ts";
import { recordWords } from "./record-words.ts";

it("says what was done to an account and why", () => {
  const words = (action: AuditAction, details: Record<string, unknown>, outcome: "success" | "failure" = "success") =>
    recordWords({ action, outcome, details });
  const deactivated = { before: { active: true }, after: { active: false }, reason: "Resells" };
  expect(words("users.setActive", deactivated)).toEqual({ what: "Deactivated", reason: "Resells" });
  expect(words("users.setActive", { after: { active: true } })).toEqual({ what: "Activated", reason: undefined });
  expect(words("wallets.credit", { amountCents: 1_000, reason: "Sorry" })).toEqual({
    what: "Credited €10.00",
    reason: "Sorry",
  });
  expect(words("users.setRole", { after: { role: "operator" } }).what).toBe("Given the role operator");
  expect(words("users.setRole", { after: { role: "operator", mayMoveMoney: true } }).what).toContain("move money");
  expect(words("users.signOut", { all: true, reason: "Lost a phone" })).toEqual({
    what: "Signed out everywhere",
    reason: "Lost a phone",
  });
  expect(words("users.signOut", { all: false, others: true }).what).toBe("Signed out everywhere else");
  const byKey = { amountCents: 1_000, reason: "Sorry", key: { id: "k", name: "Returns desk" } };
  expect(words("wallets.credit", byKey).key).toBe("Returns desk");
  expect(words("users.signIn", {}).what).toBe("Signed in");
  expect(words("tasks.retry", {}, "failure").what).toBe("Tried: tasks.retry");
});
