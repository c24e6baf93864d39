import { afterEach, expect, test, vi } from "vitest";
import { queryClient, SESSION_KEY } from "./clients.ts";
import { catalogueQuery, isPersonal, saleQuery, salesQuery, trpc, walletQuery } from "./queries.ts";

afterEach(() => {
  vi.unstubAllGlobals();
  queryClient.clear();
});

test.each([
  [
    "with those that are live where the first page has none and others follow",
    ["scheduled"],
    "more",
    ["scheduled", "live"],
  ],
  ["alone where one of the first page is live", ["scheduled", "live"], "more", ["scheduled", "live"]],
  ["alone where there are no more", ["ended"], null, ["ended"]],
])("sales are read %s", async (_, firstPage, nextCursor, statuses) => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (url: string) => {
    asked.push(decodeURIComponent(url));
    const isForLive = url.includes("live");
    const items = (isForLive ? ["live"] : firstPage).map((status, id) => ({ id, status }));
    return Response.json({ result: { data: { items, nextCursor: isForLive ? null : nextCursor } } });
  });
  expect((await queryClient.fetchQuery(salesQuery)).map(({ status }) => status)).toEqual(statuses);
  expect(asked).toHaveLength(firstPage.length < statuses.length ? 2 : 1);
});

test("what everybody may see is kept for who comes next, and nothing else", () => {
  for (const { queryKey } of [salesQuery, saleQuery(1), catalogueQuery("")]) expect(isPersonal(queryKey)).toBe(false);
  expect(isPersonal(SESSION_KEY)).toBe(false);
  const ofStaff = [trpc.products.all, trpc.sales.codes, trpc.keys.list, trpc.proof.state].map((one) => one.pathKey());
  for (const queryKey of [walletQuery.queryKey, ...ofStaff]) expect(isPersonal(queryKey)).toBe(true);
});
