import { expect, it } from "vitest";
import { deferred } from "../testing/deferred.ts";
import { shared } from "./health.ts";

it("asks the database once for all who ask at a time, and again no sooner than a second later", async () => {
  let now = 0;
  let asked = 0;
  let answer = deferred<boolean>();
  const check = shared(
    () => {
      asked += 1;
      return answer.promise;
    },
    () => now,
  );
  const fifty = Array.from({ length: 50 }, check);
  answer.resolve(true);
  expect(new Set(await Promise.all(fifty))).toEqual(new Set([true]));
  now = 999;
  expect(await check()).toBe(true);
  expect(asked).toBe(1);

  answer = deferred();
  now = 1_000;
  const again = [check(), check()];
  answer.resolve(false);
  expect(await Promise.all(again)).toEqual([false, false]);
  expect(asked).toBe(2);
});
