import { expect, test } from "vitest";
import { TASK_EVENTS, TASK_STATUSES } from "../../../../../shared/tasks.ts";
import { attemptsWords, eventWords, nextStep, STATUS_WORDS } from "./task-status-words.ts";

const AT = "2030-01-01T12:00:00Z";

test("every status and every event has words that no other has", () => {
  const statuses = TASK_STATUSES.map((status) => STATUS_WORDS[status].text);
  expect(new Set(statuses).size).toBe(TASK_STATUSES.length);
  const events = TASK_EVENTS.map((event) => eventWords({ event, worker: "worker", attempt: 2, message: null }).text);
  expect(new Set(events).size).toBe(TASK_EVENTS.length);
});

test("a failed task tries again by itself while it has attempts left, and waits for an operator then", () => {
  const failed = { status: "FAILED", attemptsMax: 3, dueAt: AT } as const;
  expect(nextStep({ ...failed, attempts: 2 })).toEqual({ words: "Next attempt", at: AT });
  expect(nextStep({ ...failed, attempts: 3 })).toEqual({ words: "Waits for an operator", at: null });
});

test("nothing comes after a task that is over", () => {
  const over = { attempts: 1, attemptsMax: 3, dueAt: null };
  expect(nextStep({ ...over, status: "COMPLETED" })).toBeNull();
  expect(nextStep({ ...over, status: "CANCELLED" })).toBeNull();
});

test("attempts are counted as all numbers are written, however many they are", () => {
  expect(attemptsWords({ attempts: 1, attemptsMax: 10_000 })).toBe("1 of 10,000");
});
