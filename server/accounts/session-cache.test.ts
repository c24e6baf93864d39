import { expect, it } from "vitest";
import { SessionCache } from "./session-cache.ts";

const actor = (userId: string) => ({ userId, role: "buyer" as const, mayMoveMoney: false });

function cacheAt(options: { entriesMax?: number } = {}) {
  // The library takes 0 for no time.
  const clock = { ms: 1 };
  return { clock, cache: new SessionCache({ ...options, now: () => clock.ms }) };
}

it("remembers for a minute, and no longer than the session is valid", () => {
  const { clock, cache } = cacheAt();
  cache.put("long", actor("a"), 1_000_000);
  cache.put("short", actor("a"), 10);
  cache.put("over", actor("a"), 0);
  clock.ms = 12;
  expect([cache.get("short"), cache.get("over")]).toEqual([undefined, undefined]);
  clock.ms = 60_001;
  expect(cache.get("long")?.actor).toEqual(actor("a"));
  clock.ms = 60_002;
  expect(cache.get("long")).toBeUndefined();
  expect(cache.size).toBe(0);
});

it("remembers that nobody stands behind a credential", () => {
  const { cache } = cacheAt();
  cache.put("forged", undefined, 10);
  expect(cache.get("forged")).toMatchObject({ actor: undefined });
  expect(cache.get("unknown")).toBeUndefined();
});

it("forgets all sessions of one user and none of another's", () => {
  const { cache } = cacheAt();
  cache.put("a1", actor("a"), 1_000);
  cache.put("a2", actor("a"), 1_000);
  cache.put("b1", actor("b"), 1_000);
  const { generation } = cache;
  cache.forgetUser("a");
  expect([cache.get("a1"), cache.get("a2"), cache.get("b1")?.actor]).toEqual([undefined, undefined, actor("b")]);
  expect(cache.generation).toBeGreaterThan(generation);
});

it("never holds more entries than it may, and drops those that are not used", () => {
  const { cache } = cacheAt({ entriesMax: 10 });
  cache.put("used", actor("u"), 1_000);
  for (let n = 0; n < 100; n++) {
    cache.put(`n${n}`, actor(`n${n}`), 1_000);
    cache.get("used");
  }
  expect(cache.size).toBe(10);
  expect(cache.get("used")?.actor).toEqual(actor("u"));
  expect(cache.get("n0")).toBeUndefined();
});

it("drops the oldest when all of them are used", () => {
  const { cache } = cacheAt({ entriesMax: 3 });
  for (const name of ["a", "b", "c"]) {
    cache.put(name, actor(name), 1_000);
    cache.get(name);
  }
  cache.put("d", actor("d"), 1_000);
  expect(["a", "b", "c", "d"].map((name) => cache.get(name)?.actor?.userId)).toEqual([undefined, "b", "c", "d"]);
});
