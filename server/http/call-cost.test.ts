import Fastify from "fastify";
import { expect, it } from "vitest";
import { callsOf, costOf } from "./call-cost.ts";

async function costOfCall(path: string, method: "GET" | "POST" = "GET") {
  const app = Fastify({ routerOptions: { maxParamLength: 2_000 } });
  app.all("/trpc/:path", async (request) => ({ cost: costOf(request), calls: callsOf(request) }));
  return (await app.inject({ method, url: path })).json<{ cost: number; calls: number }>();
}

const one = (input: unknown) => `/trpc/products.list?input=${encodeURIComponent(JSON.stringify(input))}`;

it.each([
  ["a question without input", "/trpc/wallets.mine", 1],
  ["one thing by its id", one({ saleId: 1 }), 1],
  ["a page of a list", one({ limit: 25 }), 1],
  ["four pages", one({ limit: 100 }), 4],
  ["many ids", one({ productIds: Array.from({ length: 100 }, (_, n) => n + 1) }), 4],
  ["a search", one({ search: "lamp" }), 10],
  ["no search", one({ search: "  " }), 1],
  ["a search for much", one({ search: "lamp", limit: 100 }), 13],
  ["what is no input", "/trpc/products.list?input={", 1],
  ["what no list takes", one({ limit: 1e308, productIds: "many", search: ["lamp"] }), 1],
  ["nothing", one(null), 1],
])("is counted for %s", async (_what, path, cost) => {
  expect(await costOfCall(path)).toEqual({ cost, calls: 1 });
});

it("of a batch is the sum of its calls", async () => {
  const inputs = JSON.stringify({ 0: { search: "lamp" }, 1: { limit: 50 } });
  const batch = `/trpc/products.list,sales.list,sales.list?batch=1&input=${encodeURIComponent(inputs)}`;
  expect(await costOfCall(batch)).toEqual({ cost: 3 + 9 + 1, calls: 3 });
  expect(await costOfCall(batch, "POST")).toEqual({ cost: 3, calls: 3 });
});

it("is that of the input that tRPC takes, where there are several or its name is written otherwise", async () => {
  const search = encodeURIComponent(JSON.stringify({ search: "lamp" }));
  expect((await costOfCall(`/trpc/products.list?input=${search}&input=1`)).cost).toBe(10);
  expect((await costOfCall(`/trpc/products.list?inp%75t=${search}`)).cost).toBe(10);
});
