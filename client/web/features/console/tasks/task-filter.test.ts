import { expect, test } from "vitest";
import { taskFilterOf } from "./task-filter.ts";

test("an address becomes a filter, and what it cannot mean is left out", () => {
  expect(taskFilterOf({ status: "FAILED", kind: "simulate", taskId: " order-1\t", task: "x" })).toEqual({
    status: "FAILED",
    kind: "simulate",
    taskId: "order-1",
  });
  expect(taskFilterOf({ status: "failed", kind: "", taskId: " " })).toEqual({});
});

test("what was typed stays as it is, also where no id can be like that", () => {
  expect(taskFilterOf({ taskId: "a b é" })).toEqual({ taskId: "a b é" });
});
