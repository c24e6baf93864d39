import { expect, it } from "vitest";
import { lookUpTogether } from "./look-up-together.ts";

it("makes one look-up of all keys that are asked for at once", async () => {
  const batches: string[][] = [];
  const lookUp = lookUpTogether(async (keys) => {
    batches.push(keys);
    return new Map(keys.filter((key) => key !== "unknown").map((key) => [key, key.toUpperCase()]));
  });
  const found = await Promise.all(["a", "b", "a", "unknown"].map(lookUp));
  expect(found).toEqual(["A", "B", "A", undefined]);
  expect(batches).toEqual([["a", "b", "unknown"]]);
});

it("lets later ones wait together while two look-ups are under way", async () => {
  const gates: { keys: string[]; open: () => void }[] = [];
  const lookUp = lookUpTogether<string>((keys) => {
    const { promise, resolve } = Promise.withResolvers<Map<string, string>>();
    gates.push({ keys, open: () => resolve(new Map(keys.map((key) => [key, key]))) });
    return promise;
  });
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const answers = [lookUp("a")];
  await turn();
  answers.push(lookUp("b"));
  await turn();
  answers.push(lookUp("c"), lookUp("d"));
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
  const lookUp = lookUpTogether(async (keys) => {
    if (failing) throw new Error("down");
    return new Map(keys.map((key) => [key, key]));
  });
  const [first, second] = await Promise.allSettled([lookUp("a"), lookUp("b")]);
  expect([first.status, second.status]).toEqual(["rejected", "rejected"]);
  failing = false;
  expect(await lookUp("a")).toBe("a");
});
