import { gunzipSync } from "node:zlib";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { chooseEncoding, compressAnswer, type Encoding } from "./compress-answer.ts";

const LONG = JSON.stringify({ items: Array.from({ length: 100 }, (_, id) => ({ id, name: "A lamp" })) });

function startApp() {
  const app = Fastify();
  app.addHook("onSend", (request, reply, payload, done) => done(null, compressAnswer(request, reply, payload)));
  app.get("/long", (_request, reply) => reply.type("application/json").send(LONG));
  app.get("/short", () => ({ short: true }));
  app.post("/long", (_request, reply) => reply.type("application/json").send(LONG));
  return app;
}

it("compresses a long answer to whoever takes it so, and tells caches that there are two", async () => {
  const app = startApp();
  const taken = await app.inject({ url: "/long", headers: { "accept-encoding": "gzip, br" } });
  expect(taken.headers).toMatchObject({
    "content-encoding": "gzip",
    vary: "accept-encoding",
    "content-length": String(taken.rawPayload.length),
  });
  expect(taken.rawPayload.length).toBeLessThan(LONG.length / 4);
  expect(gunzipSync(taken.rawPayload).toString()).toBe(LONG);

  for (const header of [undefined, "identity", "gzip;q=0"]) {
    const plain = await app.inject({
      url: "/long",
      headers: header === undefined ? {} : { "accept-encoding": header },
    });
    expect(plain.headers["content-encoding"]).toBeUndefined();
    expect(plain.headers.vary).toBe("accept-encoding");
    expect(plain.payload).toBe(LONG);
  }
});

it("leaves short answers, and answers to changes, as they are", async () => {
  const app = startApp();
  const headers = { "accept-encoding": "gzip" };
  for (const request of [{ url: "/short" }, { url: "/long", method: "POST" as const }]) {
    const { headers: answered } = await app.inject({ ...request, headers });
    expect(answered).not.toHaveProperty("content-encoding");
    expect(answered).not.toHaveProperty("vary");
  }
});

it.each<[header: string | undefined, Encoding]>([
  [undefined, "identity"],
  ["", "identity"],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip, deflate", "gzip"],
  ["GZIP;Q=0.5", "gzip"],
  ["br;q=0.5, gzip;q=0.9", "gzip"],
  ["br;q=0, *", "gzip"],
  ["*", "br"],
  ["br;q=0, gzip; q=0", "identity"],
  ["gzip;q=0.5, identity", "identity"],
  ["identity;q=0, gzip;q=0.001", "gzip"],
  ["deflate", "identity"],
  ["*;q=0", "identity"],
  ["br;q=nonsense", "identity"],
  [",;q=1,", "identity"],
])("answers %j with %s", (header, encoding) => {
  expect(chooseEncoding(header, () => true)).toBe(encoding);
});

it("chooses only what is there", () => {
  expect(chooseEncoding("gzip, br", (encoding) => encoding !== "br")).toBe("gzip");
  expect(chooseEncoding("gzip, br", (encoding) => encoding === "identity")).toBe("identity");
});
