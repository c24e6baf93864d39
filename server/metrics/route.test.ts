import Fastify from "fastify";
import { expect, it } from "vitest";
import { answerFault } from "../http/answer-fault.ts";
import { metricsRoute } from "./route.ts";

const TOKEN = "a-token-for-those-who-measure";

async function start() {
  const app = Fastify();
  app.setErrorHandler((error, request, reply) => answerFault(request, reply, error));
  await app.register(metricsRoute, { token: TOKEN, gather: async () => "up 1\n" });
  return app;
}

const ask = async (headers: Record<string, string> = {}, method: "GET" | "HEAD" | "POST" = "GET") =>
  (await start()).inject({ url: "/metrics", method, headers });

it("tells whoever shows the token", async () => {
  const { statusCode, headers, body } = await ask({ authorization: `Bearer ${TOKEN}` });
  expect({ statusCode, body }).toEqual({ statusCode: 200, body: "up 1\n" });
  expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
});

it.each([
  ["nothing", {}],
  ["another token", { authorization: `Bearer ${TOKEN}s` }],
  ["its beginning", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
  ["the token alone", { authorization: TOKEN }],
  ["a password", { authorization: `Basic ${Buffer.from(`:${TOKEN}`).toString("base64")}` }],
  ["a cookie", { cookie: `token=${TOKEN}` }],
])("answers 401 to whoever shows %s, and tells nothing", async (_what, headers) => {
  const answer = await ask(headers);
  expect(answer.statusCode).toBe(401);
  expect(answer.headers).toMatchObject({ "www-authenticate": 'Bearer realm="metrics"' });
  expect(answer.json()).toMatchObject({ code: "UNAUTHENTICATED" });
  expect(answer.body).not.toContain("up 1");
});

it("tells nobody where there is no token", async () => {
  const app = Fastify();
  app.setErrorHandler((error, request, reply) => answerFault(request, reply, error));
  await app.register(metricsRoute, { token: undefined, gather: async () => "up 1\n" });
  for (const authorization of ["Bearer undefined", "Bearer ", ""]) {
    expect((await app.inject({ url: "/metrics", headers: { authorization } })).statusCode).toBe(401);
  }
});

it("can be read and nothing else", async () => {
  const authorization = `Bearer ${TOKEN}`;
  expect((await ask({ authorization }, "HEAD")).statusCode).toBe(200);
  expect((await ask({ authorization }, "POST")).statusCode).toBe(405);
});
