import { getTRPCErrorFromUnknown, TRPCError } from "@trpc/server";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { FAULT_CODES, FAULTS, Fault } from "../../shared/faults.ts";
import { ConnectionLostError, UnknownOutcomeError } from "../database/errors.ts";
import { faultBody, invalidInput, retryAfterSeconds, toFault } from "./faults.ts";

it("tells a wait in whole milliseconds, whatever fraction of one is left", () => {
  expect(faultBody(new Fault("RATE_LIMITED", undefined, { retryAfterMs: 892.47 }), "r").retryAfterMs).toBe(893);
});

describe("toFault", () => {
  it("keeps every fault as it is, also through tRPC and back", () => {
    for (const code of FAULT_CODES) {
      const fault = new Fault(code, "in other words", { retryAfterMs: 5 });
      expect(toFault(getTRPCErrorFromUnknown(fault))).toBe(fault);
    }
  });

  it("finds what tRPC wrapped", () => {
    const wrapped = new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: new UnknownOutcomeError("lost") });
    expect(toFault(wrapped).code).toBe("OUTCOME_UNKNOWN");
    expect(toFault(new ConnectionLostError("lost")).code).toBe("UNAVAILABLE");
  });

  it("tells nothing of what it does not know, and keeps it for the log", () => {
    const secret = new Error("password=hunter2");
    const fault = toFault(secret);
    expect(fault).toMatchObject({ code: "INTERNAL", message: FAULTS.INTERNAL.message, cause: secret });
    expect(JSON.stringify(faultBody(fault, "r"))).not.toContain("hunter2");
    expect(toFault("a string").code).toBe("INTERNAL");
  });

  it("does not take a failed check of our own data for the caller's mistake", () => {
    const { error } = z.number().safeParse("x");
    expect(toFault(error).code).toBe("INTERNAL");
    expect(toFault(new TRPCError({ code: "INTERNAL_SERVER_ERROR", cause: error })).code).toBe("INTERNAL");
    expect(toFault(new TRPCError({ code: "BAD_REQUEST", cause: error })).code).toBe("INVALID_INPUT");
  });

  it("knows the statuses of the web server's own errors", () => {
    const withStatus = (statusCode: number) => toFault(Object.assign(new Error("x"), { statusCode })).code;
    expect([413, 415, 404, 400, 418, 500].map(withStatus)).toEqual([
      "TOO_LARGE",
      "UNSUPPORTED_MEDIA_TYPE",
      "NOT_FOUND",
      "INVALID_INPUT",
      "INVALID_INPUT",
      "INTERNAL",
    ]);
  });
});

describe("faultBody", () => {
  it("says what is wrong with the input, field by field, in bounds", () => {
    const schema = z.strictObject({ a: z.string(), b: z.object({ c: z.number() }) });
    const { error } = schema.safeParse({ a: 1, b: { c: "x" }, ["k".repeat(5_000)]: 1 });
    if (!error) throw new Error("the input is bad");
    const body = faultBody(invalidInput(error), "r");
    expect(body).toMatchObject({ code: "INVALID_INPUT", retryable: false, requestId: "r" });
    expect(body.issues?.map(({ path }) => path)).toEqual(["a", "b.c", ""]);
    expect(JSON.stringify(body).length).toBeLessThan(1_500);
  });
});

describe("retryAfterSeconds", () => {
  it("rounds up, and is there for 429 and 503 only", () => {
    expect(retryAfterSeconds(new Fault("RATE_LIMITED", undefined, { retryAfterMs: 1_001 }))).toBe(2);
    expect(retryAfterSeconds(new Fault("OVERLOADED", undefined, { retryAfterMs: 20 }))).toBe(1);
    expect(retryAfterSeconds(new Fault("OUTCOME_UNKNOWN"))).toBe(1);
    expect(retryAfterSeconds(new Fault("LOCK_TIMEOUT", undefined, { retryAfterMs: 20 }))).toBeUndefined();
  });
});
