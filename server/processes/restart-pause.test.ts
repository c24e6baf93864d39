import { expect, it } from "vitest";
import { restartPauseMs } from "./restart-pause.ts";

it("starts a process that had lived long again at once, and others after ever longer pauses, ten seconds at most", () => {
  expect([0, 1, 2, 3, 4, 7, 8, 500].map(restartPauseMs)).toEqual([0, 100, 200, 400, 800, 6_400, 10_000, 10_000]);
});
