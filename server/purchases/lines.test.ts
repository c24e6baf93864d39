import { expect, it } from "vitest";
import { Lines, type LinesOptions } from "./lines.ts";

const OPTIONS: LinesOptions = { batchMax: 10, crowdMin: 4, transactionsMax: { skip: 2, wait: 2 } };

/** Lines of requests named by item and number: "1a", "1b", … */
function linesWith(lengths: Record<number, number>, options: Partial<LinesOptions> = {}) {
  const lines = new Lines<string>({ ...OPTIONS, ...options });
  for (const [itemId, length] of Object.entries(lengths)) {
    for (let index = 0; index < length; index++) lines.add(Number(itemId), `${itemId}${"abcdefghijkl"[index]}`);
  }
  return lines;
}

it("settles a lone request at once", () => {
  const lines = linesWith({ 1: 1 });
  expect(lines.take()).toMatchObject({ entries: ["1a"], itemIds: [1], lock: "skip" });
  expect(lines.take()).toBeUndefined();
});

it("settles small lines together, in their order, and the next ones when that batch is over", () => {
  const lines = linesWith({ 1: 2, 2: 1, 3: 1 });
  const first = lines.take();
  expect(first).toMatchObject({ entries: ["1a", "1b", "2a", "3a"], itemIds: [1, 2, 3], lock: "skip" });
  for (const itemId of [4, 5]) lines.add(itemId, `${itemId}a`);
  if (first) lines.decided(first);
  expect(lines.take()).toBeUndefined();
  if (first) lines.done(first);
  expect(lines.take()).toMatchObject({ entries: ["4a", "5a"] });
});

it("settles small lines beside a batch of others when they are a crowd together", () => {
  const lines = linesWith({ 1: 1 });
  lines.take();
  for (const itemId of [2, 3, 4]) lines.add(itemId, `${itemId}a`);
  expect(lines.take()).toBeUndefined();
  lines.add(1, "1b");
  expect(lines.take(), "one of them waits for its own batch").toBeUndefined();
  lines.add(5, "5a");
  expect(lines.take()).toMatchObject({ itemIds: [2, 3, 4, 5], lock: "skip" });
});

it("settles a small line beside a crowd", () => {
  const lines = linesWith({ 1: 4 });
  lines.take();
  lines.add(2, "2a");
  expect(lines.take()).toMatchObject({ itemIds: [2], lock: "skip" });
});

it("settles a small line beside a batch that is overdue", () => {
  const lines = linesWith({ 1: 1 });
  const first = lines.take();
  lines.add(2, "2a");
  expect(lines.take()).toBeUndefined();
  if (first) lines.overdue(first);
  expect(lines.take()).toMatchObject({ itemIds: [2], lock: "skip" });
  lines.add(3, "3a");
  if (first) lines.done(first);
  expect(lines.take(), "the second one is under way").toBeUndefined();
});

it("never has more in a batch, and more batches, than it may", () => {
  const lines = linesWith({ 1: 3, 2: 3, 3: 3, 4: 3 }, { transactionsMax: { skip: 1, wait: 1 } });
  const first = lines.take();
  expect(first?.entries).toEqual(["1a", "1b", "1c", "2a", "2b", "2c", "3a", "3b", "3c", "4a"]);
  expect(lines.take()).toBeUndefined();
  if (first) lines.done(first);
  expect(lines.take()).toMatchObject({ entries: ["4b", "4c"] });
});

it("settles a crowd by itself", () => {
  const lines = linesWith({ 1: 1, 2: 12, 3: 1 }, { transactionsMax: { skip: 1, wait: 1 } });
  const small = lines.take();
  expect(small).toMatchObject({ itemIds: [1, 3] });
  if (small) lines.done(small);
  expect(lines.take()).toMatchObject({ itemIds: [2], lock: "skip", entries: { length: 10 } });
});

it("lines a crowd's next batch up behind one that is decided, and never a third", () => {
  const lines = linesWith({ 1: 12 }, { batchMax: 4 });
  const first = lines.take();
  expect(lines.take()).toBeUndefined();
  if (first) lines.decided(first);
  const second = lines.take();
  expect(second).toMatchObject({ itemIds: [1], lock: "wait" });
  if (second) lines.decided(second);
  expect(lines.take()).toBeUndefined();
  if (first) lines.done(first);
  expect(lines.take()).toMatchObject({ itemIds: [1], lock: "wait" });
});

it("lets a small line wait for its batch to be over rather than for its lock", () => {
  const lines = linesWith({ 1: 1 });
  const first = lines.take();
  lines.add(1, "1b");
  if (first) lines.decided(first);
  expect(lines.take()).toBeUndefined();
  if (first) lines.done(first);
  expect(lines.take()).toMatchObject({ entries: ["1b"], lock: "skip" });
});

it("waits for a lock that another session had, alone, and holds up no other line meanwhile", () => {
  const lines = linesWith({ 1: 1, 2: 1, 3: 1, 4: 1 }, { transactionsMax: { skip: 1, wait: 2 } });
  const batch = lines.take();
  expect(batch?.itemIds).toEqual([1, 2, 3, 4]);
  for (const itemId of [3, 2, 1]) lines.add(itemId, `${itemId}a`, "head");
  if (batch) lines.done(batch, new Set([1, 2, 3]));
  expect(lines.take()).toMatchObject({ entries: ["1a"], lock: "wait" });
  expect(lines.take()).toMatchObject({ entries: ["2a"], lock: "wait" });
  expect(lines.take()).toBeUndefined();
  lines.add(5, "5a");
  expect(lines.take()).toMatchObject({ entries: ["5a"], lock: "skip" });
});

it("forgets a line that nobody stands in", () => {
  const lines = linesWith({ 1: 1 });
  const batch = lines.take();
  expect(lines.size).toBe(1);
  if (batch) lines.done(batch, new Set([1]));
  expect([lines.size, lines.waiting]).toEqual([0, 0]);
});

it("drops from the head of each line, and nobody behind one who may stay", () => {
  const lines = linesWith({ 1: 3, 2: 2 });
  expect(lines.drop((entry) => entry === "1a" || entry === "1c" || entry.startsWith("2"))).toEqual(["1a", "2a", "2b"]);
  expect([lines.size, lines.waiting, lines.lengthOf(1)]).toEqual([1, 2, 2]);
  expect(lines.take()?.entries).toEqual(["1b", "1c"]);
});
