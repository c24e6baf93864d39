import { ConfigError } from "./config.ts";
import { EmbeddedError } from "./database/embedded/embedded-error.ts";
import { DatabaseError } from "./database/errors.ts";
import { ListenError } from "./http/listen-error.ts";
import { ProcessesError } from "./processes/processes-error.ts";

/** Why a start failed: a sentence for what a person can put right; everything else with its stack. */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return EXPLAINED.some((kind) => error instanceof kind) ? error.message : (error.stack ?? error.message);
}

const EXPLAINED = [ConfigError, EmbeddedError, DatabaseError, ListenError, ProcessesError];
