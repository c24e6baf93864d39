import { expect, test } from "vitest";
import { type IntentStorage, isPendingIntent, type PendingIntent, PendingIntents } from "./pending-intents.ts";

const INTENT: PendingIntent = { key: "key-1", userId: "user-1", createdAt: "2030-01-01T12:00:00.000Z" };
const LATER: PendingIntent = { key: "key-0", userId: "user-1", createdAt: "2030-01-01T12:00:01.000Z" };

test("an intent is in storage when `add` returns, and another tab reads it", () => {
  const storage = memoryStorage();
  open(storage).add(INTENT);
  expect(open(storage).all()).toEqual([INTENT]);
});

test("lists the oldest first", () => {
  const intents = open(memoryStorage());
  intents.add(LATER);
  intents.add(INTENT);
  expect(intents.all().map(({ key }) => key)).toEqual(["key-1", "key-0"]);
});

test("removing one leaves the others, also those that another tab added meanwhile", () => {
  const storage = memoryStorage();
  const [here, there] = [open(storage), open(storage)];
  here.add(INTENT);
  here.all();
  there.add(LATER);
  here.remove(INTENT.key);
  expect(here.all()).toEqual([LATER]);
  expect(there.has(INTENT.key)).toBe(false);
});

test("answers the same array until something changes", () => {
  const intents = open(memoryStorage());
  intents.add(INTENT);
  expect(intents.all()).toBe(intents.all());
});

test("shows each change to those who are told of it, and reads the storage no oftener", () => {
  const storage = memoryStorage();
  const [here, there] = [open(storage), open(storage)];
  there.add(INTENT);
  expect(here.snapshot()).toEqual([INTENT]);
  const shown: number[] = [];
  const stop = here.subscribe(() => shown.push(here.snapshot().length));
  expect(here.snapshot()).toEqual([INTENT]);
  here.remove(INTENT.key);
  here.add(INTENT);
  there.add(LATER);
  expect(here.snapshot()).toEqual([INTENT]);
  here.noteStorageEvent({ key: `pending.${LATER.key}` });
  expect(shown).toEqual([0, 1, 2]);
  stop();
  there.remove(LATER.key);
  expect(here.snapshot()).toEqual([INTENT]);
});

test("leaves out what is not an intent", () => {
  const storage = memoryStorage();
  storage.setItem("pending.broken", "{");
  storage.setItem("pending.strange", JSON.stringify({ key: 7 }));
  storage.setItem("elsewhere", JSON.stringify(INTENT));
  expect(open(storage).all()).toEqual([]);
});

test("keeps an intent in the page where storage refuses it", () => {
  const full = { ...memoryStorage(), setItem: () => fail() };
  for (const intents of [open(full), open(undefined)]) {
    intents.add(INTENT);
    expect(intents.all()).toEqual([INTENT]);
    intents.remove(INTENT.key);
    expect(intents.all()).toEqual([]);
  }
});

test("tells its listeners of changes here and of storage events of its own kind", () => {
  const intents = open(memoryStorage());
  let told = 0;
  const stop = intents.subscribe(() => told++);
  intents.add(INTENT);
  intents.noteStorageEvent({ key: "pending.key-2" });
  intents.noteStorageEvent({ key: null });
  intents.noteStorageEvent({ key: "doorbuster.theme" });
  stop();
  intents.remove(INTENT.key);
  expect(told).toBe(3);
});

function open(storage: IntentStorage | undefined) {
  return new PendingIntents<PendingIntent>({ prefix: "pending.", storage, isIntent: isPendingIntent });
}

function memoryStorage(): IntentStorage {
  const entries = new Map<string, string>();
  return {
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
    key: (index) => [...entries.keys()][index] ?? null,
    get length() {
      return entries.size;
    },
  };
}

function fail(): never {
  throw new Error("QuotaExceededError");
}
