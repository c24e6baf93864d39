import { expect, it } from "vitest";
import { Queues, type QueuesOptions } from "./queues.ts";

const OPTIONS: QueuesOptions<string> = {
  isBefore: (one, other) => one < other,
  batchMax: 10,
  crowdMin: 4,
  batchesMax: { skip: 2, wait: 2 },
};

/** Queues of requests named by queue and number: "1a", "1b", … */
function queuesWith(lengths: Record<number, number>, options: Partial<QueuesOptions<string>> = {}) {
  const queues = new Queues<string>({ ...OPTIONS, ...options });
  for (const [queueId, length] of Object.entries(lengths)) {
    for (let index = 0; index < length; index++) queues.add(Number(queueId), `${queueId}${"abcdefghijkl"[index]}`);
  }
  return queues;
}

it("settles a lone request at once", () => {
  const queues = queuesWith({ 1: 1 });
  expect(queues.take()).toMatchObject({ entries: ["1a"], queueIds: [1], lock: "skip" });
  expect(queues.take()).toBeUndefined();
});

it("settles small queues together, in their order, and the next ones when that batch is over", () => {
  const queues = queuesWith({ 1: 2, 2: 1, 3: 1 });
  const first = queues.take();
  expect(first).toMatchObject({ entries: ["1a", "1b", "2a", "3a"], queueIds: [1, 2, 3], lock: "skip" });
  for (const queueId of [4, 5]) queues.add(queueId, `${queueId}a`);
  if (first) queues.decided(first);
  expect(queues.take()).toBeUndefined();
  if (first) queues.done(first);
  expect(queues.take()).toMatchObject({ entries: ["4a", "5a"] });
});

it("settles small queues beside a batch of others when they are a crowd together", () => {
  const queues = queuesWith({ 1: 1 });
  queues.take();
  for (const queueId of [2, 3, 4]) queues.add(queueId, `${queueId}a`);
  expect(queues.take()).toBeUndefined();
  queues.add(1, "1b");
  expect(queues.take(), "one of them waits for its own batch").toBeUndefined();
  queues.add(5, "5a");
  expect(queues.take()).toMatchObject({ queueIds: [2, 3, 4, 5], lock: "skip" });
});

it("settles a small queue beside a crowd", () => {
  const queues = queuesWith({ 1: 4 });
  queues.take();
  queues.add(2, "2a");
  expect(queues.take()).toMatchObject({ queueIds: [2], lock: "skip" });
});

it("settles a small queue beside a batch that is overdue", () => {
  const queues = queuesWith({ 1: 1 });
  const first = queues.take();
  queues.add(2, "2a");
  expect(queues.take()).toBeUndefined();
  if (first) queues.overdue(first);
  expect(queues.take()).toMatchObject({ queueIds: [2], lock: "skip" });
  queues.add(3, "3a");
  if (first) queues.done(first);
  expect(queues.take(), "the second one is under way").toBeUndefined();
});

it("never has more in a batch, and more batches, than it may", () => {
  const queues = queuesWith({ 1: 3, 2: 3, 3: 3, 4: 3 }, { batchesMax: { skip: 1, wait: 1 } });
  const first = queues.take();
  expect(first?.entries).toEqual(["1a", "1b", "1c", "2a", "2b", "2c", "3a", "3b", "3c", "4a"]);
  expect(queues.take()).toBeUndefined();
  if (first) queues.done(first);
  expect(queues.take()).toMatchObject({ entries: ["4b", "4c"] });
});

it("settles a crowd by itself", () => {
  const queues = queuesWith({ 1: 1, 2: 12, 3: 1 }, { batchesMax: { skip: 1, wait: 1 } });
  const small = queues.take();
  expect(small).toMatchObject({ queueIds: [1, 3] });
  if (small) queues.done(small);
  expect(queues.take()).toMatchObject({ queueIds: [2], lock: "skip", entries: { length: 10 } });
});

it("queues a crowd's next batch up behind one that is decided, and never a third", () => {
  const queues = queuesWith({ 1: 12 }, { batchMax: 4 });
  const first = queues.take();
  expect(queues.take()).toBeUndefined();
  if (first) queues.decided(first);
  const second = queues.take();
  expect(second).toMatchObject({ queueIds: [1], lock: "wait" });
  if (second) queues.decided(second);
  expect(queues.take()).toBeUndefined();
  if (first) queues.done(first);
  expect(queues.take()).toMatchObject({ queueIds: [1], lock: "wait" });
});

it("lets a small queue wait for its batch to be over rather than for its lock", () => {
  const queues = queuesWith({ 1: 1 });
  const first = queues.take();
  queues.add(1, "1b");
  if (first) queues.decided(first);
  expect(queues.take()).toBeUndefined();
  if (first) queues.done(first);
  expect(queues.take()).toMatchObject({ entries: ["1b"], lock: "skip" });
});

it("waits for a lock that another session had, alone, and holds up no other queue meanwhile", () => {
  const queues = queuesWith({ 1: 1, 2: 1, 3: 1, 4: 1 }, { batchesMax: { skip: 1, wait: 2 } });
  const batch = queues.take();
  expect(batch?.queueIds).toEqual([1, 2, 3, 4]);
  for (const queueId of [3, 2, 1]) queues.addAgain(queueId, `${queueId}a`, { isContended: true });
  if (batch) queues.done(batch);
  expect(queues.take()).toMatchObject({ entries: ["1a"], lock: "wait" });
  expect(queues.take()).toMatchObject({ entries: ["2a"], lock: "wait" });
  expect(queues.take()).toBeUndefined();
  queues.add(5, "5a");
  expect(queues.take()).toMatchObject({ entries: ["5a"], lock: "skip" });
});

it("forgets a queue that nobody stands in", () => {
  const queues = queuesWith({ 1: 1 });
  const batch = queues.take();
  expect(queues.size).toBe(1);
  if (batch) queues.done(batch);
  expect([queues.size, queues.waiting]).toEqual([0, 0]);
});

it("drops from the head of each queue, and nobody behind one who may stay", () => {
  const queues = queuesWith({ 1: 3, 2: 2 });
  expect(queues.drop((entry) => entry === "1a" || entry === "1c" || entry.startsWith("2"))).toEqual(["1a", "2a", "2b"]);
  expect([queues.size, queues.waiting, queues.lengthOf(1)]).toEqual([1, 2, 2]);
  expect(queues.take()?.entries).toEqual(["1b", "1c"]);
});

it("takes as many from the head as fit by their sizes, and one alone that is larger", () => {
  const sizes: Record<string, number> = { "1a": 3, "1b": 2, "1c": 1, "1d": 9, "1e": 1 };
  const queues = queuesWith({ 1: 5 }, { batchMax: 5, crowdMin: 100, sizeOf: (entry) => sizes[entry] ?? 1 });
  const batches: string[][] = [];
  for (let batch = queues.take(); batch; batch = queues.take()) {
    batches.push(batch.entries);
    queues.done(batch);
  }
  expect(batches).toEqual([["1a", "1b"], ["1c"], ["1d"], ["1e"]]);
});
