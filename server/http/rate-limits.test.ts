import { describe, expect, it } from "vitest";
import { Fault } from "../../shared/faults.ts";
import { readConfig } from "../settings/config.ts";
import { createLimits } from "./rate-limits.ts";

const limits = () =>
  createLimits({
    ...readConfig({}).limits,
    purchases: { perSecond: 1, burst: 2 },
    viewersPerUser: 2,
    viewersPerAddress: 3,
  });

function codeOf(work: () => unknown): string {
  try {
    work();
    return "let through";
  } catch (error) {
    if (error instanceof Fault) return error.code;
    throw error;
  }
}

describe("limits", () => {
  it("refuse with the time after which to come again", () => {
    const { takePurchaseToken } = limits();
    takePurchaseToken("a");
    takePurchaseToken("a");
    expect(() => takePurchaseToken("a")).toThrow(
      expect.objectContaining({ code: "RATE_LIMITED", retryAfterMs: expect.any(Number) }),
    );
    expect(codeOf(() => takePurchaseToken("b"))).toBe("let through");
  });

  it("count what a user asks apart from what others at the same address do", () => {
    const { takeTokens } = createLimits({
      ...readConfig({}).limits,
      users: { perSecond: 1, burst: 20 },
      anonymous: { perSecond: 1, burst: 20 },
    });
    const address = "192.0.2.1";
    for (const userId of ["a", "b", undefined]) {
      expect(codeOf(() => takeTokens({ userId, address }, 20))).toBe("let through");
      expect(codeOf(() => takeTokens({ userId, address }, 1))).toBe("RATE_LIMITED");
    }
    // Wherever they ask from.
    expect(codeOf(() => takeTokens({ userId: "a", address: "192.0.2.2" }, 1))).toBe("RATE_LIMITED");
  });

  it("give a viewer's slot back, once", () => {
    const { takeViewerSlot } = limits();
    const take = (userId: string | undefined) => takeViewerSlot({ address: "192.0.2.1", userId });
    const leave = take("a");
    take("a");
    expect(codeOf(() => take("a"))).toBe("RATE_LIMITED");
    leave();
    leave();
    take("a");
    expect(codeOf(() => take("a"))).toBe("RATE_LIMITED");
    // The refusals above took no slot of the address.
    expect(codeOf(() => take(undefined))).toBe("let through");
    expect(codeOf(() => take(undefined))).toBe("RATE_LIMITED");
  });
});
