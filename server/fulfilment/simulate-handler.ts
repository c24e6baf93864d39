import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { TASK_DEFAULTS } from "../../shared/tasks.ts";
import { FatalTaskError, type TaskHandler } from "../tasks/handler.ts";

/**
 * Work that does nothing, for people to see the machine work: it takes a while, at random unless the task says how long,
 * and fails as often as the task says.
 */
export function simulateHandler(random: () => number = Math.random): TaskHandler {
  return {
    async run(task, { signal }) {
      const settings = settingsSchema.safeParse(task.settings);
      if (!settings.success) throw new FatalTaskError("The settings of this task cannot be read.");
      const { delayMs = randomDelayMs(random), failureRate } = settings.data;
      await setTimeout(delayMs, undefined, { signal });
      if (random() < failureRate) throw new Error(`Failed on purpose, as ${percent(failureRate)} of attempts do.`);
      return { kind: "completed", result: { tookMs: delayMs, attempt: task.attempts } };
    },
  };
}

const settingsSchema = z.object({
  delayMs: z.number().min(0).optional(),
  failureRate: z.number().min(0).max(1).default(TASK_DEFAULTS.failureRate),
});

function randomDelayMs(random: () => number): number {
  const { delayMinMs, delayMaxMs } = TASK_DEFAULTS;
  return Math.round(delayMinMs + random() * (delayMaxMs - delayMinMs));
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
