import { expect, test, vi } from "vitest";
import type { DoorbusterErrorDetails } from "../../sdk/errors.ts";
import { DoorbusterError, type DoorbusterErrorCode, type RetryOptions } from "../../sdk/index.ts";
import { IntentRunner } from "./intent-runner.ts";
import { isPendingIntent, type PendingIntent, PendingIntents } from "./pending-intents.ts";

test("an intent is written down before it is sent, and struck out only after its decision was told", async () => {
  const { intents, runner, sent, told } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  expect(intents.has("key-1")).toBe(true);
  const call = await sent.next();
  expect(call.intent.key).toBe("key-1");
  expect(told).toEqual([]);
  call.answer("bought");
  await vi.waitFor(() => expect(told).toEqual([["key-1", "bought", "still pending"]]));
  expect(intents.has("key-1")).toBe(false);
  expect(runner.progress().size).toBe(0);
});

test.each([
  ["was not decided", { lookUp: async () => null }],
  ["cannot be asked about", {}],
])("what an earlier page left and %s waits for the buyer's word, and nobody else's is touched", async (_, options) => {
  const { intents, runner, sent } = set(options);
  intents.add(intent("left"));
  intents.add({ ...intent("of-another"), userId: "lee" });
  runner.start("kim");
  await vi.waitFor(() => expect(runner.progress().get("left")).toEqual({ phase: "stuck", error: undefined }));
  expect(sent.count()).toBe(0);
  runner.tryAgain("left");
  expect((await sent.next()).intent.key).toBe("left");
  expect(sent.count()).toBe(1);
});

test("what an earlier page left and was decided is told without a word", async () => {
  const { intents, runner, sent, told } = set({ lookUp: async () => "bought" });
  intents.add(intent("left"));
  runner.start("kim");
  await vi.waitFor(() => expect(told).toEqual([["left", "bought", "still pending"]]));
  expect(sent.count()).toBe(0);
});

test("goes on by itself after its buyer's next sign-in in this page, and not once somebody else was there", async () => {
  const { intents, runner, sent } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  const signIn = () => {
    runner.stop();
    runner.start("kim");
  };
  for (let ended = 0; ended < 2; ended++) {
    (await sent.next()).refuse("UNAUTHENTICATED");
    await vi.waitFor(() => expect(runner.progress().get("key-1")?.phase).toBe("stuck"));
    signIn();
  }
  (await sent.next()).refuse("UNAUTHENTICATED");
  await vi.waitFor(() => expect(runner.progress().get("key-1")?.phase).toBe("stuck"));
  runner.forget();
  signIn();
  await vi.waitFor(() => expect(runner.progress().get("key-1")).toEqual({ phase: "stuck", error: undefined }));
  expect(sent.count()).toBe(3);
  runner.allow("key-1");
  signIn();
  (await sent.next()).answer("bought");
  await vi.waitFor(() => expect(intents.has("key-1")).toBe(false));
});

test("what the shop turned away at its only try is given up at once, also by a later page", async () => {
  const { intents, storage, runner, sent, told, failed } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  (await sent.next()).refuse("UNAUTHENTICATED");
  await vi.waitFor(() =>
    expect(JSON.parse(storage.get("pending.key-1") ?? "{}")).toMatchObject({ isTurnedAway: true }),
  );
  runner.tryAgain("key-1");
  const second = await sent.next();
  // Once more on its way, it is no longer certain.
  expect(JSON.parse(storage.get("pending.key-1") ?? "{}")).toMatchObject({ isTurnedAway: false });
  second.refuse("UNAUTHENTICATED");
  await vi.waitFor(() => expect(intents.all()).toMatchObject([{ isTurnedAway: true }]));
  runner.drop("key-1");
  expect(intents.has("key-1")).toBe(false);
  expect([told, failed, runner.progress().size]).toEqual([[], [], 0]);
});

test("what may have gone through is given up only when it is certain that it did not", async () => {
  using timers = fakeTimers();
  const lookUp = vi.fn(async () => null);
  const { intents, runner, sent, told, failed } = set({ lookUp });
  runner.start("kim");
  runner.submit(intent("key-1"));
  (await sent.next()).refuse("INTERNAL", { outcome: "unknown" });
  await timers.pass(0);
  expect(runner.progress().get("key-1")?.phase).toBe("stuck");
  runner.drop("key-1");
  await timers.pass(14_000);
  expect(runner.progress().get("key-1")).toEqual({ phase: "dropping" });
  expect(intents.has("key-1")).toBe(true);
  await timers.pass(2_000);
  expect(intents.has("key-1")).toBe(false);
  expect([told, failed, sent.count()]).toEqual([[], [], 1]);
});

test("what turns out to have gone through when it is given up is told", async () => {
  const { runner, sent, told } = set({ lookUp: async () => "bought" });
  runner.start("kim");
  runner.submit(intent("key-1"));
  (await sent.next()).refuse("INTERNAL", { outcome: "unknown" });
  await vi.waitFor(() => expect(runner.progress().get("key-1")?.phase).toBe("stuck"));
  runner.drop("key-1");
  await vi.waitFor(() => expect(told).toEqual([["key-1", "bought", "still pending"]]));
});

test("what another tab finished before this one listened is shown as finished", () => {
  const { intents, storage, runner } = set();
  intents.add(intent("key-1"));
  const shown: number[] = [];
  intents.subscribe(() => shown.push(intents.snapshot().length));
  storage.delete("pending.key-1");
  runner.start("kim");
  expect(shown).toEqual([0]);
});

test("an intent that another tab wrote down is shown as on its way", () => {
  const { intents, storage, runner } = set();
  runner.start("kim");
  storage.set("pending.other-tab", JSON.stringify(intent("other-tab")));
  intents.noteStorageEvent({ key: "pending.other-tab" });
  expect(runner.progress().get("other-tab")).toEqual({ phase: "sending" });
});

test("says why it tries again, and keeps the intent", async () => {
  const { intents, runner, sent } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  const call = await sent.next();
  call.options.onRetry?.({ attempt: 1, reason: "OVERLOADED", delayMs: 2_000 });
  expect(runner.progress().get("key-1")).toEqual({ phase: "retrying", reason: "OVERLOADED", delayMs: 2_000 });
  expect(intents.has("key-1")).toBe(true);
});

test("back online, it sends at once with the same key", async () => {
  const { runner, sent } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  const first = await sent.next();
  first.options.onRetry?.({ attempt: 1, reason: "NETWORK", delayMs: 5_000 });
  runner.hurry();
  expect(first.options.signal?.aborted).toBe(true);
  first.refuse("ABORTED");
  expect((await sent.next()).intent.key).toBe("key-1");
});

test.each(["INTERNAL", "UNAUTHENTICATED"] as const)(
  "after %s the intent waits for the buyer, under its key",
  async (code) => {
    const { intents, runner, sent } = set();
    runner.start("kim");
    runner.submit(intent("key-1"));
    (await sent.next()).refuse(code);
    await vi.waitFor(() => expect(runner.progress().get("key-1")?.phase).toBe("stuck"));
    expect(intents.has("key-1")).toBe(true);
    runner.submit(intent("key-2"));
    expect((await sent.next()).intent.key).toBe("key-2");
    intents.noteStorageEvent({ key: null });
    expect(runner.progress().get("key-1")?.phase).toBe("stuck");
    runner.tryAgain("key-1");
    expect((await sent.next()).intent.key).toBe("key-1");
  },
);

test("a request that was turned away for good is struck out and told", async () => {
  const { intents, runner, sent, failed } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  (await sent.next()).refuse("CUSTOMER_INACTIVE");
  await vi.waitFor(() => expect(failed).toEqual([["key-1", "CUSTOMER_INACTIVE"]]));
  expect(intents.has("key-1")).toBe(false);
});

test("turned away after a lost answer, it finds out what the earlier try came to", async () => {
  const { intents, runner, sent, told, failed } = set({ lookUp: async () => "bought" });
  runner.start("kim");
  runner.submit(intent("key-1"));
  (await sent.next()).refuse("CUSTOMER_INACTIVE", { outcome: "unknown" });
  await vi.waitFor(() => expect(told).toEqual([["key-1", "bought", "still pending"]]));
  expect(failed).toEqual([]);
  expect(intents.has("key-1")).toBe(false);
});

test("what an earlier page left is not called undone because its next try is turned away", async () => {
  const answers = [null, "bought"];
  const { intents, runner, sent, told, failed } = set({ lookUp: async () => answers.shift() ?? null });
  intents.add(intent("left"));
  runner.start("kim");
  await vi.waitFor(() => expect(runner.progress().get("left")?.phase).toBe("stuck"));
  runner.tryAgain("left");
  (await sent.next()).refuse("FORBIDDEN");
  await vi.waitFor(() => expect(told).toEqual([["left", "bought", "still pending"]]));
  expect(failed).toEqual([]);
});

test("an intent whose own earlier try was lost is not called undone either", async () => {
  const { runner, sent, told, failed } = set({ lookUp: async () => "bought" });
  runner.start("kim");
  runner.submit(intent("key-1"));
  const first = await sent.next();
  runner.tryAgain("key-1");
  first.refuse("ABORTED");
  (await sent.next()).refuse("NOT_FOUND");
  await vi.waitFor(() => expect(told).toEqual([["key-1", "bought", "still pending"]]));
  expect(failed).toEqual([]);
});

test("that nothing was done is told only when no earlier try can be under way any more", async () => {
  using timers = fakeTimers();
  const lookUp = vi.fn(async () => null);
  const { intents, runner, sent, failed } = set({ lookUp });
  runner.start("kim");
  runner.submit(intent("key-1"));
  (await sent.next()).refuse("FORBIDDEN", { outcome: "unknown" });
  await timers.pass(14_000);
  expect(lookUp.mock.calls.length).toBeGreaterThan(1);
  expect(failed).toEqual([]);
  expect(intents.has("key-1")).toBe(true);
  expect(runner.progress().get("key-1")).toMatchObject({ phase: "retrying", reason: "OUTCOME_UNKNOWN" });
  await timers.pass(2_000);
  expect(failed).toEqual([["key-1", "FORBIDDEN"]]);
  expect(intents.has("key-1")).toBe(false);
  expect(sent.count()).toBe(1);
});

test.each([
  ["nobody can be asked", undefined],
  ["asking is turned away too", () => Promise.reject(new DoorbusterError("CUSTOMER_INACTIVE", "inactive"))],
])("turned away after a lost answer, the intent is kept where %s", async (_, lookUp) => {
  const { intents, runner, sent, failed } = set(lookUp && { lookUp });
  runner.start("kim");
  runner.submit(intent("key-1"));
  (await sent.next()).refuse("CUSTOMER_INACTIVE", { outcome: "unknown" });
  await vi.waitFor(() => expect(runner.progress().get("key-1")?.phase).toBe("stuck"));
  expect(intents.has("key-1")).toBe(true);
  expect(failed).toEqual([]);
});

test("what the verb itself refused is struck out, whatever happened before", async () => {
  const { runner, sent, failed } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  (await sent.next()).refuse("NOT_ALLOWED_NOW", { outcome: "unknown" });
  await vi.waitFor(() => expect(failed).toEqual([["key-1", "NOT_ALLOWED_NOW"]]));
});

test("what another tab decided is not sent any more", async () => {
  const { intents, runner, sent } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  const call = await sent.next();
  intents.remove("key-1");
  expect(runner.progress().size).toBe(0);
  call.refuse("NETWORK");
  runner.hurry();
  expect(sent.count()).toBe(1);
});

test("an intent from long ago is asked about, and not sent", async () => {
  const lookUp = vi.fn(async () => null);
  const { intents, runner, sent, told } = set({ lookUp });
  intents.add({ ...intent("old"), createdAt: "2020-01-01T00:00:00.000Z" });
  runner.start("kim");
  await vi.waitFor(() => expect(told).toEqual([["old", null, "still pending"]]));
  expect(lookUp).toHaveBeenCalledOnce();
  expect(sent.count()).toBe(0);
  expect(intents.has("old")).toBe(false);
});

test("a key that comes again the moment its decision was told is sent again", async () => {
  const { intents, runner, sent, told } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  const stop = intents.subscribe(() => {
    if (intents.has("key-1")) return;
    stop();
    runner.submit(intent("key-1"));
  });
  (await sent.next()).answer("refused");
  (await sent.next()).answer("bought");
  await vi.waitFor(() => expect(told).toHaveLength(2));
  expect(intents.has("key-1")).toBe(false);
});

test("when the user leaves, sending stops and the intent stays for their return", async () => {
  const { intents, runner, sent } = set();
  runner.start("kim");
  runner.submit(intent("key-1"));
  const call = await sent.next();
  runner.stop();
  expect(call.options.signal?.aborted).toBe(true);
  expect(intents.has("key-1")).toBe(true);
});

interface Call {
  readonly intent: PendingIntent;
  readonly options: RetryOptions;
  readonly answer: (decision: string) => void;
  readonly refuse: (code: DoorbusterErrorCode, details?: DoorbusterErrorDetails) => void;
}

/** A runner whose every request is answered by the test. */
function set({ lookUp }: { lookUp?: () => Promise<string | null> } = {}) {
  const storage = new Map<string, string>();
  const intents = new PendingIntents<PendingIntent>({
    prefix: "pending.",
    isIntent: isPendingIntent,
    storage: {
      getItem: (key) => storage.get(key) ?? null,
      setItem: (key, value) => void storage.set(key, value),
      removeItem: (key) => void storage.delete(key),
      key: (index) => [...storage.keys()][index] ?? null,
      get length() {
        return storage.size;
      },
    },
  });
  const calls: Call[] = [];
  let taken = 0;
  const told: unknown[] = [];
  const failed: unknown[] = [];
  const runner = new IntentRunner<PendingIntent, string>({
    // Locks are shared by all that run in this process.
    name: `test-${crypto.randomUUID()}`,
    intents,
    send: (sentIntent, options) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const refuse: Call["refuse"] = (code, details) => reject(new DoorbusterError(code, code, details));
      calls.push({ intent: sentIntent, options, answer: resolve, refuse });
      return promise;
    },
    ...(lookUp && { lookUp }),
    onDecided: ({ key }, decision) => told.push([key, decision, intents.has(key) ? "still pending" : "struck out"]),
    onFailed: ({ key }, { code }) => failed.push([key, code]),
  });
  const sent = {
    count: () => calls.length,
    next: async () => {
      const index = taken++;
      return vi.waitUntil(() => calls[index]);
    },
  };
  return { intents, storage, runner, sent, told, failed };
}

function fakeTimers() {
  vi.useFakeTimers();
  return {
    pass: (ms: number) => vi.advanceTimersByTimeAsync(ms),
    [Symbol.dispose]: () => vi.useRealTimers(),
  };
}

function intent(key: string): PendingIntent {
  return { key, userId: "kim", createdAt: new Date().toISOString() };
}
