import { expect, it, vi } from "vitest";
import { Batcher, type BatcherOptions, type HowToSettle, Locked, type Outcome } from "./batcher.ts";

interface Call {
  readonly requests: string[];
  readonly how: HowToSettle;
  end(outcomes?: Outcome<string>[]): void;
  fail(error: unknown): void;
}

/** A batcher whose transactions end when they are told to: by default each request is answered with itself. */
function batcherOf(options: Partial<BatcherOptions<string, string>> = {}) {
  const calls: Call[] = [];
  const batcher = new Batcher<string, string>({
    batchMax: 10,
    crowdMin: 4,
    batchesMax: { skip: 1, wait: 1 },
    isOfOne: (error) => error === ofOne,
    settle(requests, how) {
      const { promise, resolve, reject } = Promise.withResolvers<Outcome<string>[]>();
      calls.push({ requests, how, end: (outcomes = requests) => resolve(outcomes), fail: reject });
      return promise;
    },
    ...options,
  });
  return { batcher, calls, ask: (...requests: string[]) => requests.map((request) => batcher.ask(request)) };
}

const ofOne = new Error("of one");
const settled = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

it("settles the first one at once, and together all that come while it is under way", async () => {
  const { calls, ask } = batcherOf();
  const answers = ask("a", "b", "c");
  expect(calls.map(({ requests }) => requests)).toEqual([["a"]]);
  calls[0]?.end();
  await settled();
  expect(calls.map(({ requests }) => requests)).toEqual([["a"], ["b", "c"]]);
  calls[1]?.end();
  expect(await Promise.all(answers)).toEqual(["a", "b", "c"]);
});

it("settles together all that come in one turn where it is told to gather", async () => {
  const { calls, ask } = batcherOf({ gathers: true });
  const answers = ask("a", "b", "c");
  expect(calls).toEqual([]);
  await settled();
  expect(calls.map(({ requests }) => requests)).toEqual([["a", "b", "c"]]);
  calls[0]?.end();
  expect(await Promise.all(answers)).toEqual(["a", "b", "c"]);
});

it("decides in the order of arrival, whatever queues they come from", async () => {
  const { batcher, calls, ask } = batcherOf();
  ask("first");
  for (const [queueId, request] of [
    [1, "a"],
    [2, "b"],
    [1, "c"],
  ] as const) {
    void batcher.ask(request, queueId);
  }
  calls[0]?.end();
  await settled();
  expect(calls[1]?.requests).toEqual(["a", "b", "c"]);
});

it("has a crowd's next batch wait for the lock once the last one is decided", async () => {
  const { calls, ask } = batcherOf({ batchMax: 4 });
  ask("a", "b", "c", "d", "e", "f");
  expect(calls).toHaveLength(1);
  calls[0]?.how.onDecided();
  expect(calls.map(({ how }) => how.lock)).toEqual(["skip", "wait"]);
  expect(calls[1]?.requests).toEqual(["b", "c", "d", "e"]);
});

it("fails the one at fault alone, and settles its neighbours in order", async () => {
  const poisoned = "d";
  const tried: string[][] = [];
  const { ask } = batcherOf({
    gathers: true,
    async settle(requests) {
      tried.push(requests);
      if (requests.includes(poisoned)) throw ofOne;
      return requests;
    },
  });
  const answers = await Promise.allSettled(ask("a", "b", "c", "d", "e"));
  expect(answers.map(({ status }) => status === "fulfilled")).toEqual([true, true, true, false, true]);
  expect(tried.map((requests) => requests.join(""))).toEqual(["abcde", "abc", "de", "d", "e"]);
});

it("fails all of a batch with an error that is not due to one of them", async () => {
  const { calls, ask } = batcherOf({ gathers: true });
  const answers = ask("a", "b");
  await settled();
  calls[0]?.fail(new Error("away"));
  for (const answer of answers) await expect(answer).rejects.toThrow("away");
  expect(calls).toHaveLength(1);
});

it("rejects a request whose outcome is an error, and answers the others", async () => {
  const { calls, ask } = batcherOf({ gathers: true });
  const [bad, good] = ask("bad", "good");
  await settled();
  calls[0]?.end([new Error("bad"), "good"]);
  await expect(bad).rejects.toThrow("bad");
  expect(await good).toBe("good");
});

it("has what another session has locked wait for the lock, and lets others by meanwhile", async () => {
  const { batcher, calls, ask } = batcherOf({ gathers: true });
  const answers = ask("a", "b", "c");
  await settled();
  calls[0]?.end(["a", new Locked(7), new Locked(7)]);
  await settled();
  expect(calls[1]).toMatchObject({ requests: ["b", "c"], how: { lock: "wait" } });
  const other = batcher.ask("d");
  await settled();
  expect(calls[2]).toMatchObject({ requests: ["d"], how: { lock: "skip" } });
  for (const call of calls.slice(1)) call.end();
  expect(await Promise.all([...answers, other])).toEqual(["a", "b", "c", "d"]);
});

it("has one come back after a pause, before those that came later", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout"] });
  try {
    const { calls, ask } = batcherOf({ gathers: true, batchMax: 1 });
    const [early] = ask("early");
    await settled();
    calls[0]?.end([new Locked(0, 10)]);
    await settled();
    ask("x");
    await settled();
    ask("late");
    vi.advanceTimersByTime(10);
    calls[1]?.end();
    await settled();
    expect(calls[2]?.requests).toEqual(["early"]);
    calls[2]?.end();
    expect(await early).toBe("early");
  } finally {
    vi.useRealTimers();
  }
});

it("turns away who has waited for too long, while the transaction before them is still under way", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
  try {
    const { calls, ask } = batcherOf({ late: { afterMs: 100, errorOf: (queueId) => new Error(`late in ${queueId}`) } });
    const [stuck, late] = ask("stuck", "late");
    const refused = expect(late).rejects.toThrow("late in 0");
    vi.advanceTimersByTime(1_000);
    await refused;
    calls[0]?.end();
    expect(await stuck).toBe("stuck");
  } finally {
    vi.useRealTimers();
  }
});

it("is drained when the last one is answered, also one that came back", async () => {
  const { batcher, calls, ask } = batcherOf();
  await batcher.drain();
  const answers = ask("a", "b");
  let isDrained = false;
  const drained = batcher.drain().then(() => {
    isDrained = true;
  });
  calls[0]?.end([new Locked(0)]);
  await settled();
  calls[1]?.end(["a", new Locked(0)]);
  await settled();
  expect(isDrained).toBe(false);
  calls[2]?.end();
  await drained;
  expect(await Promise.all(answers)).toEqual(["a", "b"]);
});
