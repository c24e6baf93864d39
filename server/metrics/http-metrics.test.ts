import { Registry } from "@prometheus-io/client";
import Fastify from "fastify";
import { expect, it } from "vitest";
import { countRequests } from "./http-metrics.ts";
import { metricsJson, type Sample } from "./metrics-json.ts";

async function start() {
  const registry = new Registry();
  const app = Fastify();
  countRequests(app, registry, { streams: ["/calls/watch"] });
  app.get("/things/:id", async (request, reply) => {
    const { id } = request.params as { id: string };
    return reply.code(id === "absent" ? 404 : 200).send({ id });
  });
  for (const url of ["/orders", "/orders/"]) app.post(url, async () => ({}));
  app.route({ method: ["PUT", "DELETE"], url: "/things/:id", handler: async () => ({}) });
  await app.register(
    async (calls) => {
      calls.get("/:path", async () => ({}));
      calls.get("/throws", async () => {
        throw new Error("broken");
      });
    },
    { prefix: "/calls" },
  );
  app.setNotFoundHandler((_request, reply) => reply.code(404).send());
  const samples = async (): Promise<readonly Sample[]> => (await metricsJson(registry))[0]?.values ?? [];
  const counts = async () =>
    Object.fromEntries(
      (await samples())
        .filter(({ metricName }) => metricName?.endsWith("_count"))
        .map(({ labels, value }) => [`${labels.method} ${labels.route} ${labels.status}`, value]),
    );
  return { app, samples, counts };
}

it("counts by method, by the route that was registered, and by status", async () => {
  const { app, counts } = await start();
  for (const id of ["1", "2", "absent"]) await app.inject(`/things/${id}?secret=1`);
  await app.inject({ method: "DELETE", url: "/things/1" });
  await app.inject("/calls/throws");
  await app.inject("/calls/a,b");
  expect(await counts()).toEqual({
    "GET /things/:id 200": 2,
    "GET /things/:id 404": 1,
    "DELETE /things/:id 200": 1,
    "GET /calls/throws 500": 1,
    "GET /calls/:path 200": 1,
  });
});

it("counts an address with and without a slash at its end as one route", async () => {
  const { app, counts } = await start();
  await app.inject({ method: "POST", url: "/orders" });
  await app.inject({ method: "POST", url: "/orders/" });
  expect(await counts()).toEqual({ "POST /orders 200": 2 });
});

it("never makes a label of what a caller invents", async () => {
  const { app, counts } = await start();
  for (const url of ["/nowhere", "/else", "/things", "/%00"]) await app.inject(url);
  for (const method of ["PROPFIND", "SEARCH"]) await app.inject({ method: method as "GET", url: "/nowhere" });
  expect(await counts()).toMatchObject({ "GET (none) 404": 4, "other (none) 404": 2 });
});

it("does not count streams, which last as long as their callers like", async () => {
  const { app, counts } = await start();
  await app.inject("/calls/watch?input=1");
  expect(await counts()).toEqual({});
});

it("measures each request once", async () => {
  const { app, samples } = await start();
  await app.inject("/things/1");
  const [first] = (await samples()).filter(({ metricName }) => metricName?.endsWith("_sum"));
  expect(first?.value).toBeGreaterThan(0);
  const buckets = (await samples()).filter(({ metricName }) => metricName?.endsWith("_bucket"));
  expect(buckets.at(-1)).toMatchObject({ labels: { le: "+Inf" }, value: 1 });
  expect(buckets.map(({ value }) => value)).toEqual(buckets.map(({ value }) => value).toSorted((a, b) => a - b));
});
