import { join } from "node:path";
import { once } from "../concurrency/once.ts";
import { repeat } from "../concurrency/repeat.ts";
import type { Database } from "../database/database.ts";
import { endRehearsal } from "../operations/rehearsals/keep-lease.ts";
import type { RehearsalRunner } from "../operations/rehearsals/runner.ts";
import { sweepRehearsals } from "../operations/rehearsals/sweep.ts";
import { startCalledProcess } from "../processes/called-process.ts";
import { argumentsOfChildren, environmentOfChildren, giveWay } from "../processes/fork-process.ts";
import type { Config } from "../settings/config.ts";
import type { RehearsalInstructions, RehearsalMethods } from "./rehearsal/instructions.ts";

/** Runs rehearsals, each in processes and a store of its own, and removes what is left of any that was begun by this shop. */
export function openRehearsals(options: RehearsalsOptions): RehearsalRunner & { close(): Promise<void> } {
  const { database, config, databaseUrl, ownerUrl, onError } = options;
  const stops = new Set<() => Promise<void>>();
  const sweep = () => sweepRehearsals({ database, ownerUrl });
  const sweeping = repeat(sweep, { everyMs: SWEEP_MS, onError });

  async function run(rehearsalId: number): Promise<void> {
    let stop = async () => {};
    try {
      const child = await startCalledProcess<RehearsalMethods>({
        module: join(import.meta.dirname, "rehearsal/rehearsal-process.ts"),
        execArgv: argumentsOfChildren(),
        env: environmentOfChildren(),
        onEnd(end) {
          stop = once(end);
          stops.add(stop);
        },
      });
      giveWay(child);
      await child.call("run", { rehearsalId, config: { ...config, publicUrl: undefined }, databaseUrl, ownerUrl });
    } catch (error) {
      onError(error);
      await endRehearsal(database, rehearsalId, { state: "failed", verdict: BROKE_OFF });
    } finally {
      await stop();
      stops.delete(stop);
    }
    await sweep();
  }

  return {
    schema: config.databaseSchema,
    begin: (rehearsalId) => void run(rehearsalId).catch(onError),
    sweep,
    async close() {
      await Promise.all([sweeping.close(), ...[...stops].map((stop) => stop())]);
    },
  };
}

const BROKE_OFF = "The process that ran it ended unexpectedly: the shop's log says why.";

export interface RehearsalsOptions extends Omit<RehearsalInstructions, "rehearsalId" | "config"> {
  readonly config: Config;
  readonly database: Database;
  readonly onError: (error: unknown) => void;
}

/** What was left behind harms nobody, and keeps the next rehearsal waiting no longer than its lease. */
const SWEEP_MS = 10_000;
