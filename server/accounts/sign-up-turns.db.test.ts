import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { eventually } from "../testing/eventually.ts";
import { createTestDatabase } from "../testing/test-database.ts";

const begun: string[] = [];
const gates: PromiseWithResolvers<string>[] = [];

/** Passwords that are looked at until the test says what is wrong with them. */
vi.mock("./weak-password.ts", () => ({
  weakPasswordProblem({ email }: { email: string }) {
    begun.push(email.charAt(0));
    const gate = Promise.withResolvers<string>();
    gates.push(gate);
    return gate.promise;
  },
}));

/* Test files share their modules: the shop is loaded anew so that it takes this one, and again for the files after this. */
beforeAll(() => {
  vi.resetModules();
});

afterAll(() => {
  vi.doUnmock("./weak-password.ts");
  vi.resetModules();
});

it("a crowd of sign-ups from one address has its passwords looked at in turn with everybody else's", async () => {
  const { startTestApp } = await import("../app/app.fixture.ts");
  await using test = await createTestDatabase();
  await using app = await startTestApp(test, { TRUST_PROXY: "1" });
  const arrived = vi.spyOn(app.services.limits, "takeSignInToken");
  const signUp = (email: string, address: string) =>
    app.send("/api/auth/sign-up/email", {
      body: { email, password: "whatever it is" },
      headers: { "x-forwarded-for": address },
    });
  const answers = [1, 2, 3, 4, 5, 6].map((n) => signUp(`a${n}@example.com`, "203.0.113.1"));
  answers.push(signUp("b@example.com", "203.0.113.2"));
  await eventually("all have arrived", () => arrived.mock.calls.length === 7);
  // As many at a time as passwords are hashed.
  expect(begun.length).toBeLessThanOrEqual(2);
  for (let n = 0; n < 7; n++) {
    (await eventually("the next is looked at", () => gates[n])).resolve("weak");
  }
  for (const { status } of await Promise.all(answers)) expect(status).toBe(400);
  expect(begun.indexOf("b")).toBeLessThanOrEqual(3);
});
