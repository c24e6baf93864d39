import { InfiniteQueryObserver, QueryClient } from "@tanstack/react-query";
import { TRPCClientError } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { expect, test } from "vitest";
import { createDoorbusterClient, DoorbusterError } from "./index.ts";
import { FakeClock } from "./testing/fake-clock.ts";
import { type Answer, data, FakeShop, fault, hangUp, stream } from "./testing/fake-shop.ts";

async function clientOf(...answers: Answer[]) {
  const shop = await FakeShop.start(...answers);
  const clock = new FakeClock();
  const client = createDoorbusterClient({ url: shop.url, clock, random: () => 0 });
  return { client, shop, clock, [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose]() };
}

test("tRPC's client sends a mutation with a key again, with that key", async () => {
  await using shop = await clientOf(hangUp, data({ outcome: "purchased" }));
  const buy = shop.client.trpc.purchases.buy;
  const onRetry = () => void setImmediate(() => shop.clock.advance(0));
  await buy.mutate({ itemId: 7, idempotencyKey: "mine" }, { context: { onRetry } });
  expect(shop.shop.requests.map(({ input }) => input)).toEqual([
    { itemId: 7, idempotencyKey: "mine" },
    { itemId: 7, idempotencyKey: "mine" },
  ]);
});

test("tRPC's client sends a mutation without a key once", async () => {
  await using shop = await clientOf(hangUp);
  const error = await shop.client.trpc.sales.pause.mutate({ saleId: 3 }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(DoorbusterError);
  expect(error).toMatchObject({ outcome: "unknown" });
  expect(shop.shop.requests).toHaveLength(1);
});

test("tRPC's client sends a task without an id once: each try would be another task", async () => {
  await using shop = await clientOf(hangUp);
  await expect(shop.client.trpc.tasks.submit.mutate({})).rejects.toMatchObject({ outcome: "unknown" });
  expect(shop.shop.requests).toHaveLength(1);
});

test("an error is tRPC's too, with what the server sent", async () => {
  await using shop = await clientOf(fault("NOT_FOUND"));
  const error = await shop.client.trpc.sales.byId.query({ saleId: 3 }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(TRPCClientError);
  expect(error).toMatchObject({ name: "DoorbusterError", code: "NOT_FOUND", data: { reason: "NOT_FOUND" } });
});

test("tRPC's client follows a sale, and lets go of it", async () => {
  const update = { saleId: 3, version: 1, items: [] };
  await using shop = await clientOf(stream(`event: connected\ndata: {}\n\n\ndata: ${JSON.stringify(update)}\n\n\n`));
  const seen = await new Promise((resolve) => {
    const watch = shop.client.trpc.sales.watch.subscribe({ saleId: 3 }, { onData: (data) => stop(data) });
    const stop = (data: unknown) => {
      watch.unsubscribe();
      resolve(data);
    };
  });
  expect(seen).toEqual(update);
  await shop.shop.requests[0]?.left;
});

test("tRPC's binding to TanStack Query reads a list page by page", async () => {
  await using shop = await clientOf(data({ items: [1], nextCursor: "2" }), data({ items: [2], nextCursor: null }));
  const queryClient = new QueryClient();
  const trpc = createTRPCOptionsProxy({ client: shop.client.trpc, queryClient });
  const list = new InfiniteQueryObserver(
    queryClient,
    trpc.sales.list.infiniteQueryOptions({ limit: 1 }, { getNextPageParam: (page) => page.nextCursor }),
  );
  await list.refetch();
  const { data: found } = await list.fetchNextPage();
  expect(found?.pages.map(({ items }) => items)).toEqual([[1], [2]]);
  expect(shop.shop.requests.map(({ input }) => input)).toEqual([
    { limit: 1, direction: "forward" },
    { limit: 1, cursor: "2", direction: "forward" },
  ]);
});
