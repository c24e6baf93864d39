import { afterEach, expect, test, vi } from "vitest";
import { queryClient } from "./clients.ts";
import { salesQuery } from "./queries.ts";

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
