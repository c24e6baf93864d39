import { expect, test } from "vitest";
import { readTaskForm, type TaskFields } from "./task-form.ts";

const EMPTY: TaskFields = { taskId: "", payload: "", delayMs: "", failures: "" };

test("an empty form is a task with everything left to the shop", () => {
  expect(readTaskForm(EMPTY)).toMatchObject({ ok: true, input: { kind: "simulate", payload: null, failureRate: 0.2 } });
});

test("fields become what the procedure takes", () => {
  const read = readTaskForm({ taskId: " a-1 ", payload: '{"n": [1]}', delayMs: "250", failures: "12,5" });
  expect(read).toMatchObject({
    ok: true,
    input: { taskId: "a-1", payload: { n: [1] }, delayMs: 250, failureRate: 0.125 },
  });
});

test("a payload that is not JSON is refused with the place of the mistake", () => {
  const read = readTaskForm({ ...EMPTY, payload: '{"n": 1,}' });
  expect(read.ok ? "" : read.errors.payload).toMatch(/^This is not JSON\. .*position 8/);
});

test("a payload that is too large, or holds what cannot be stored, is refused in words", () => {
  const large = readTaskForm({ ...EMPTY, payload: JSON.stringify("x".repeat(70_000)) });
  expect(large.ok ? "" : large.errors.payload).toMatch(/at most 65536 bytes/);
  const nul = readTaskForm({ ...EMPTY, payload: '"\\u0000"' });
  expect(nul.ok ? "" : nul.errors.payload).toMatch(/U\+0000/);
});

test("a payload with a number that JavaScript would round is refused with its place", () => {
  const read = readTaskForm({ ...EMPTY, payload: '{"a": [9007199254740993]}' });
  expect(read.ok ? "" : read.errors.payload).toBe(
    "The number at a.0 cannot be kept exactly: send fewer digits, or send it as text.",
  );
});

test("each field that is wrong has an error of its own, beside that of the payload", () => {
  const read = readTaskForm({ taskId: "two words", payload: "nope", delayMs: "-1", failures: "lots" });
  expect(read.ok ? [] : Object.keys(read.errors).sort()).toEqual(["delayMs", "failures", "payload", "taskId"]);
});
