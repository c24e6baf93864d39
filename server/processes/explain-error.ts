import { causesOf } from "../database/causes-of.ts";
import { EmbeddedError } from "../database/embedded/embedded-error.ts";
import { DatabaseError } from "../database/errors.ts";
import { postgresErrorOf } from "../database/sqlstate.ts";
import { ListenError } from "../http/listen.ts";
import { ConfigError } from "../settings/config.ts";

/**
 * Why a start failed: a sentence for what a person can put right, and for what the database refuses; everything else with
 * its stack, and those of its causes.
 */
export function explainError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (EXPLAINED.some((kind) => error instanceof kind)) return error.message;
  const refusal = postgresErrorOf(error);
  if (refusal) return `The database refused: ${refusal.message} (SQLSTATE ${refusal.code}).`;
  return causesOf(error)
    .map(({ stack, message }) => stack ?? message)
    .join("\nCaused by: ");
}

/** Why a process that a start needs does not start. The message is for the person who started it. */
export class ProcessesError extends Error {
  override readonly name = "ProcessesError";
}

const EXPLAINED = [ConfigError, EmbeddedError, DatabaseError, ListenError, ProcessesError];
