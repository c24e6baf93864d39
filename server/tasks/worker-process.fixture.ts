import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { openDatabase } from "../database/database.ts";
import { leaveEffect } from "./engine.fixture.ts";
import { Worker } from "./worker.ts";

/**
 * A worker in a process of its own, to be stopped and killed. Its instructions are its argument, as JSON. Each task takes
 * as long as its payload says (`ms`), or, with `gate`, until a line comes in; then it leaves a row in `effects`. What
 * happens is told on standard output, a line each: "ready", "began <taskId>", "<outcome>".
 */
const { url, schema, instance, clockOffsetMs } = JSON.parse(process.argv[2] ?? "") as WorkerInstructions;

if (clockOffsetMs !== 0) setClockWrong(clockOffsetMs);

const database = await openDatabase({ url, schema, poolSize: 4 });
const gate = Promise.withResolvers<void>();
createInterface({ input: process.stdin }).on("line", () => gate.resolve());

const worker = new Worker({
  ...{ database, databaseUrl: url, schema, sources: [], instance, concurrency: 8, pollMs: 100 },
  handlers: {
    simulate: {
      async run(task) {
        const { ms = 0, isGated = false } = (task.payload ?? {}) as { ms?: number; isGated?: boolean };
        say(`began ${task.taskId}`);
        if (isGated) await gate.promise;
        await setTimeout(ms);
        return { kind: "completed", result: { by: instance }, effect: leaveEffect(task.taskId, instance) };
      },
    },
  },
  observer: { attempted: (_kind, outcome) => say(outcome) },
  onError: (error) => process.stderr.write(`${instance}: ${error}\n`),
});
await worker.listening;
say("ready");

/** The process believes another time, and a different one each time that it looks. */
function setClockWrong(offsetMs: number): void {
  const RealDate = Date;
  let looks = 0;
  const wrong = () => RealDate.now() + offsetMs * (looks++ % 2 === 0 ? 1 : -1);
  globalThis.Date = class extends RealDate {
    constructor(...args: unknown[]) {
      super(...((args.length > 0 ? args : [wrong()]) as []));
    }

    static override now(): number {
      return wrong();
    }
  } as DateConstructor;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export interface WorkerInstructions {
  readonly url: string;
  readonly schema: string;
  readonly instance: string;
  /** How wrong its clock is. */
  readonly clockOffsetMs: number;
}
