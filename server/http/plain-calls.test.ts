import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FAULT_CODES } from "../../shared/faults.ts";
import { REFUSAL_CODES } from "../../shared/refusals.ts";
import { SESSION_COOKIE } from "../accounts/credential.ts";
import { ANSWERS, everyOutcome, FAILURES } from "../app/every-outcome.fixture.ts";
import {
  as,
  ask,
  bytesOf,
  expectAlike,
  get,
  JSON_TYPE,
  post,
  type SentCall,
  stubServices,
} from "../app/sent-call.fixture.ts";
import { serveTwoWays, type TwoWays } from "../app/two-ways.fixture.ts";

let two: TwoWays;
beforeAll(async () => {
  two = await serveTwoWays(everyOutcome, stubServices);
});
afterAll(() => two[Symbol.asyncDispose]());

describe("a plain call of tRPC", () => {
  it.each<[string, SentCall]>([
    ["a query without input", get("/trpc/test.ask")],
    ["a query", ask("test.ask", { a: [1, "ü 🛒 & + % # '"], b: null })],
    ["a query for null", ask("test.ask", null)],
    ["a query with a content type", ask("test.ask", 1, JSON_TYPE)],
    ["a query that two schemas read", ask("test.two", { a: "x", b: 1 })],
    ["a query that the second schema refuses", ask("test.two", { a: "x", b: "y" })],
    ["a mutation", post("/trpc/test.change", '{"a":[1,"x"],"b":null}')],
    ["a mutation with text", post("/trpc/test.change", '"x"')],
    ["a mutation with null", post("/trpc/test.change", "null")],
    ["a mutation with white space", post("/trpc/test.change", ' \r\n{"a" : 1}\t')],
    ["a mutation with letters of many bytes", post("/trpc/test.change", Buffer.from('"ü🛒"').toString("latin1"))],
    ["a mutation with defaults", post("/trpc/test.strict", '{"id":1}')],
    ["a key that is there twice", post("/trpc/test.strict", '{"id":0,"id":1}')],
    ["an invalid input", post("/trpc/test.strict", '{"id":0,"note":1,"more":2}')],
    ["another type of input", post("/trpc/test.strict", "[]")],
    ["hostile keys", post("/trpc/test.change", '{"__proto__":{"role":"operator"},"constructor":1}')],
    ["hostile keys for a strict schema", post("/trpc/test.strict", '{"id":1,"__proto__":{"role":"operator"}}')],
    ["deep nesting", post("/trpc/test.change", `${"[".repeat(9_000)}${"]".repeat(9_000)}`)],
    ["what is not JSON", post("/trpc/test.strict", "{")],
    ["what is not JSON, for whoever is not signed in", post("/trpc/purchases.buy", "{")],
    ["what is not JSON, in a query", get("/trpc/test.ask?input=%7B")],
    ["what middlewares changed on the way", ask("test.onTheWay", 1)],
    ["an error that a middleware sees", get("/trpc/test.seen")],
    ["an error of a middleware that one before it sees", get("/trpc/test.seenAtOnce")],
    ["who is asking: nobody", get("/trpc/test.who")],
    ["who is asking: a buyer", get("/trpc/test.who", as("buyer"))],
    ["who is asking: a buyer who has to be looked up", get("/trpc/test.who", as("buyer-later"))],
    ["who is asking: a buyer with a cookie", get("/trpc/test.who", { cookie: `a=b; ${SESSION_COOKIE}=buyer` })],
    ["who is asking: nobody, by another scheme", get("/trpc/test.who", { authorization: "Basic buyer" })],
    ["an unauthenticated call", get("/trpc/test.mine")],
    ["an unauthenticated call with an ended session", get("/trpc/test.mine", as("ended"))],
    ["an authenticated call", get("/trpc/test.mine", as("buyer"))],
    ["a forbidden call", post("/trpc/test.manage", '{"id":1}', as("buyer"))],
    ["a forbidden call with an invalid input", post("/trpc/test.manage", "{}", as("buyer"))],
    ["an allowed call", post("/trpc/test.manage", '{"id":1}', as("operator"))],
    ["an output that is not what was promised", get("/trpc/test.badOutput")],
    ["a page of the shop's own", post("/trpc/test.change", "1", { origin: "http://shop.example" })],
    ["two encodings of one letter", get("/trpc/test.ask?input=%22%75u%22")],
    ["letters that need no encoding", get('/trpc/test.ask?input="it\'s"')],
  ])("is answered alike: %s", async (_what, sent) => {
    expect(await expectAlike(two, sent)).toBe("fast");
  });

  it.each(Object.keys(ANSWERS))("is answered alike when it returns: %s", async (what) => {
    expect(await expectAlike(two, ask("test.answer", what))).toBe("fast");
  });

  it.each(Object.keys(FAILURES))("is answered alike when it throws: %s", async (what) => {
    expect(await expectAlike(two, ask("test.fail", what))).toBe("fast");
    expect((await two.send(bytesOf(ask("test.fail", what)))).fast.body).not.toContain("secret");
    expect(two.fast.takeLog().length).toBe(two.adapter.takeLog().length);
  });

  it.each(["bought", "again", ...REFUSAL_CODES, ...FAULT_CODES.map((code) => `fault:${code}`)])(
    "is answered alike when a purchase is %s",
    async (idempotencyKey) => {
      const body = JSON.stringify({ itemId: 1, idempotencyKey });
      expect(await expectAlike(two, post("/trpc/purchases.buy", body, as("buyer")))).toBe("fast");
    },
  );
});
