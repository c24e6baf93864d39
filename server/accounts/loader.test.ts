import { expect, it } from "vitest";
import { createLoader } from "./loader.ts";

it("makes one look-up of all keys that are asked for at once", async () => {
  const batches: string[][] = [];
  const load = createLoader(async (keys) => {
    batches.push(keys);
    return new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key.toUpperCase()]));
  });
  const found = await Promise.all(["a", "b", "a", "unknown"].map(load));
  expect(found).toEqual(["A", "B", "A", undefined]);
  expect(batches).toEqual([["a", "b", "unknown"]]);
});

it("lets later ones wait together while two look-ups are under way", async () => {
  const gates: { keys: string[]; open: () => void }[] = [];
  const load = createLoader<string>((keys) => {
    const { promise, resolve } = Promise.withResolvers<Map<string, string>>();
    gates.push({ keys, open: () => resolve(new Map(keys.map((key) => [key, key]))) });
    return promise;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const answers = [load("a")];
  await turn();
  answers.push(load("b"));
  await turn();
  answers.push(load("c"), load("d"));
  await turn();
  expect(gates.map(({ keys }) => keys)).toEqual([["a"], ["b"]]);
  gates[0]?.open();
  await answers[0];
  await turn();
  await turn();
  expect(gates.map(({ keys }) => keys)).toEqual([["a"], ["b"], ["c", "d"]]);
  for (const gate of gates) gate.open();
  expect(await Promise.all(answers)).toEqual(["a", "b", "c", "d"]);
});

it("fails those who waited for a look-up that failed, and nobody after", async () => {
  let failing = true;
  const load = createLoader(async (keys) => {
    if (failing) throw new Error("down");
    return new Map(keys.map((key) => [key, key]));
  });
  const [first, second] = await Promise.allSettled([load("a"), load("b")]);
  expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
  failing = false;
  expect(await load("a")).toBe("a");
});
