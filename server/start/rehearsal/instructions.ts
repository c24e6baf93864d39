import type { Config } from "../../settings/config.ts";

/** What a process needs to know to run a rehearsal. */
export interface RehearsalInstructions {
  readonly rehearsalId: number;
  /** The shop's own. */
  readonly config: Config;
  readonly databaseUrl: string;
  /** Of a user who may make and drop stores. */
  readonly ownerUrl: string;
}

/** What that process can be called for. */
export type RehearsalMethods = {
  run(instructions: RehearsalInstructions): Promise<void>;
};
