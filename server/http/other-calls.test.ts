import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyOutcome } from "../app/every-outcome.fixture.ts";
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

describe("any other call of tRPC", () => {
  const paths = [
    "/trpc/test.nothing",
    "/trpc/test",
    "/trpc/test.ask.more",
    "/trpc/test.ask/",
    "/trpc/TEST.ask",
    "/trpc/test%2Eask",
    "/trpc/test%252Eask",
    "/trpc/test.as%6b?input=1",
    "/trpc/test.ask%00",
    "/trpc/test.ask%",
    "/trpc/test.ask%ff",
    "/trpc/__proto__",
    "/trpc/constructor",
    "/trpc/toString",
    "/trpc/test.__proto__",
    "/trpc/purchases.buy.x",
    "/trpc/,",
    "/trpc/",
    "/trpc",
    "//trpc/test.ask",
    "/trpc/../trpc/test.ask",
    "http://shop.example/trpc/test.ask",
    "/trpc/test.ask#part",
    "/trpc/test.ask?",
    "/trpc/test.ask?input",
    "/trpc/test.ask?input=",
    "/trpc/test.ask?input=1&input=2",
    "/trpc/test.ask?input=%22a+b%22",
    "/trpc/test.ask?input=%22a%2Bb%22&x",
    "/trpc/test.ask?input=%",
    "/trpc/test.ask?input=%22%ff%22",
    "/trpc/test.ask?input=1#2",
    "/trpc/test.ask?INPUT=1",
    "/trpc/test.ask?x=1&input=1",
    "/trpc/test.ask?%69nput=1",
    "/trpc/test.ask?batch",
    "/trpc/test.ask?batch=1",
    "/trpc/test.ask?batch=1&input=%7B%220%22%3A1%7D",
    "/trpc/test.ask,test.mine?batch=1&input=%7B%220%22%3A1%7D",
    "/trpc/test.ask,test.change?batch=1&input=%7B%7D",
    `/trpc/${Array(21).fill("test.ask").join(",")}?batch=1`,
    "/trpc/test.ask?batch=0&input=1",
    "/trpc/test.ask?connectionParams=%7B%22a%22%3A1%7D",
    "/trpc/test.ask?connectionParams=x",
    "/trpc/test.change?input=1",
    "/trpc/purchases.buy?input=%7B%7D",
    "/trpc/test.answer?input=%22a%20stream%22&batch=1",
  ];

  it.each(paths)("is answered alike by every method: %s", async (path) => {
    for (const method of ["GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      await expectAlike(two, { method, path, headers: JSON_TYPE, body: method === "POST" ? "1" : "" });
    }
  });

  it.each<[string, SentCall]>([
    ["without a body", post("/trpc/test.change", "")],
    ["without a body or its length", { method: "POST", path: "/trpc/test.change", headers: JSON_TYPE }],
    ["without a type", { method: "POST", path: "/trpc/test.change", body: "1" }],
    ["with bytes that are no text", post("/trpc/test.change", '"\xff\xfe"')],
    ["with a byte order mark", post("/trpc/test.change", "\xef\xbb\xbf1")],
    ["with a type in capitals", post("/trpc/test.change", "1", { "content-type": "Application/JSON" })],
    ["with a charset", post("/trpc/test.change", "1", { "content-type": "application/json; charset=utf-8" })],
    [
      "with another charset",
      post("/trpc/test.change", '"\xfc"', { "content-type": "application/json;charset=latin1" }),
    ],
    ["with half a type", post("/trpc/test.change", "1", { "content-type": "application/" })],
    ["with an empty type", post("/trpc/test.change", "1", { "content-type": "" })],
    ["with two types", post("/trpc/test.change", "1", { "content-type": "application/json, text/plain" })],
    ["as text", post("/trpc/test.change", "1", { "content-type": "text/plain" })],
    ["as a form", post("/trpc/test.change", "a=1", { "content-type": "application/x-www-form-urlencoded" })],
    ["as a form in parts", post("/trpc/test.change", "x", { "content-type": "multipart/form-data; boundary=x" })],
    ["as bytes", post("/trpc/test.change", "x", { "content-type": "application/octet-stream" })],
    ["that is too large", post("/trpc/test.change", `"${"x".repeat(65_536)}"`)],
    ["by POST for a query", post("/trpc/test.ask", "1")],
    ["for several at once", post("/trpc/test.change,test.strict?batch=1", '{"0":1,"1":{"id":1}}')],
    ["for one in a batch", post("/trpc/test.change?batch=1", '{"0":1}')],
    ["for a batch of what is not an object", post("/trpc/test.change?batch=1", "1")],
    ["with its input in the address", post("/trpc/test.change?input=2", "1")],
    ["that takes a stream of lines", post("/trpc/test.change", "1", { "trpc-accept": "application/jsonl" })],
    ["that accepts a stream of lines", ask("test.ask", 1, { accept: "text/html, application/jsonl" })],
    ["that takes anything", ask("test.ask", 1, { "trpc-accept": "x" })],
    ["for a stream of a batch", post("/trpc/test.change?batch=1", '{"0":1}', { "trpc-accept": "application/jsonl" })],
    ["by GET as text", ask("test.ask", 1, { "content-type": "text/plain" })],
    ["by GET as a form", ask("test.ask", 1, { "content-type": "multipart/form-data" })],
    ["from another site", post("/trpc/test.change", "1", { origin: "https://evil.example" })],
    ["from a host that is none", post("/trpc/test.change", "1", { host: "a b" })],
    ["from a host with a name", post("/trpc/test.change", "1", { host: "a@b" })],
    ["from a port that is none", ask("test.ask", 1, { host: "a:99999" })],
    ["with a session that cannot be looked up", get("/trpc/test.who", as("broken"))],
    ["to be upgraded", get("/trpc/test.ask", { connection: "upgrade, close", upgrade: "websocket" })],
    ["for another version", get("/trpc/test.ask", { "accept-version": "2" })],
  ])("is answered alike: one %s", async (_what, sent) => {
    await expectAlike(two, sent);
  });

  it("is left to the adapter", async () => {
    expect(await expectAlike(two, post("/trpc/test.change?batch=1", '{"0":1}'))).toBe("adapter");
    expect(await expectAlike(two, get("/trpc/test.ask?input=1&x=1"))).toBe("adapter");
  });

  it("is answered without a body when only its head is asked for", async () => {
    for (const path of ["/trpc/test.ask", "/trpc/test.change", "/trpc/test.nothing"]) {
      const { fast } = await two.send(bytesOf({ method: "HEAD", path }));
      expect({ path, status: fast.status, body: fast.body }).toEqual({ path, status: 204, body: "" });
    }
  });

  it("is answered alike: a subscription", async () => {
    const [ofFast, ofAdapter] = [await readTicks(two.fast.url), await readTicks(two.adapter.url)];
    expect(ofFast).toEqual(ofAdapter);
    expect(ofFast).toMatchObject({ type: "text/event-stream", text: expect.stringContaining("data: 2") });
  });

  it("is refused for a host that is no host, not answered as a defect", async () => {
    for (const host of ["a@b", "u:p@b", "a b", "a:99999", "["]) {
      const { fast } = await two.send(bytesOf({ ...ask("test.ask", 1), headers: { host } }));
      expect({ host, status: fast.status }).toEqual({ host, status: 400 });
    }
  });
});

/** The events of a subscription, up to the one that says that it is over. */
async function readTicks(url: string): Promise<{ type: string | null; text: string }> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/trpc/test.ticks`, { signal: leaving.signal });
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString();
    if (text.includes("event: return")) break;
  }
  leaving.abort();
  return { type: response.headers.get("content-type"), text };
}
