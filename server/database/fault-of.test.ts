import { DrizzleQueryError } from "drizzle-orm";
import { expect, it } from "vitest";
import { FAULTS } from "../../shared/faults.ts";
import { faultOf } from "./fault-of.ts";

/** As the driver throws what PostgreSQL answered. */
const answered = (code: string) => Object.assign(new Error(code), { name: "PostgresError", code });

it("tells the caller to come again when the server ran out of something", () => {
  for (const code of ["53000", "53100", "53200", "53300", "53400"]) {
    const error = new DrizzleQueryError("insert …", [], answered(code));
    const fault = faultOf(error);
    expect({ code, fault: fault?.code, cause: fault?.cause }).toEqual({
      code,
      fault: code === "53300" ? "OVERLOADED" : "UNAVAILABLE",
      cause: error,
    });
    expect(fault?.retryAfterMs).toBeGreaterThan(0);
    expect(FAULTS[fault?.code ?? "INTERNAL"]).toMatchObject({ status: 503, verdict: "again" });
  }
});

it("has nothing to say of an error that no caller can do anything about", () => {
  for (const code of ["42P01", "23505", "22003", "XX000"]) expect(faultOf(answered(code))).toBeUndefined();
});
