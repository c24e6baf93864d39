import { expect, it } from "vitest";
import type { ClaimedTask } from "../tasks/handler.ts";
import { simulateHandler } from "./simulate-handler.ts";

const task: ClaimedTask = {
  ...{ id: 1, taskId: "t", kind: "simulate", payload: { secret: "s3cr3t" }, settings: {}, attempts: 2, attemptsMax: 3 },
  ...{ version: 3, traceId: "" },
};
const unaborted = { signal: new AbortController().signal };

it("fails as often as the task says, and answers how long it took and nothing of the payload", async () => {
  const run = (failureRate: number, chance: number) =>
    simulateHandler(() => chance).run({ ...task, settings: { delayMs: 0, failureRate } }, unaborted);
  expect(await run(0, 0)).toEqual({ kind: "completed", result: { tookMs: 0, attempt: 2 } });
  expect(await run(0.25, 0.25)).toMatchObject({ kind: "completed" });
  await expect(run(0.25, 0.2499)).rejects.toThrow("Failed on purpose, as 25 % of attempts do.");
  await expect(run(1, 0.999)).rejects.toThrow("100 %");
});

it("ends at once when its attempt is aborted", async () => {
  const controller = new AbortController();
  const running = simulateHandler().run({ ...task, settings: { delayMs: 3_600_000 } }, { signal: controller.signal });
  controller.abort();
  await expect(running).rejects.toMatchObject({ name: "AbortError" });
});

it("gives up what it cannot read", async () => {
  const running = simulateHandler().run({ ...task, settings: { delayMs: "long" } }, unaborted);
  await expect(running).rejects.toMatchObject({ name: "FatalTaskError" });
});
