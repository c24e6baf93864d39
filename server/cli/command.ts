import type { ParseArgsConfig } from "node:util";
import type { Config } from "../settings/config.ts";

/** One command of the command line. */
export interface Command {
  /** Its words, for example `operator create`. */
  readonly name: string;
  /** Its options, as a person reads them. */
  readonly synopsis: string;
  /** What it does, in one sentence. */
  readonly does: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** @returns the exit code. @throws CliError */
  run(call: CommandCall): Promise<number>;
}

export interface CommandCall {
  readonly config: Config;
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
  /** Tells the person something that is not the result. */
  readonly say: (sentence: string) => void;
}

/** Why a command was not done. The message is a sentence for the person who gave it. */
export class CliError extends Error {
  override readonly name = "CliError";
  /** Whether the command was given wrongly. */
  readonly isUsage: boolean;

  constructor(message: string, options: { isUsage?: boolean } = {}) {
    super(message);
    this.isUsage = options.isUsage ?? false;
  }
}

/** Reads an option that is a whole number. @throws CliError */
export function wholeNumber(
  value: unknown,
  { name, min, max, otherwise }: { name: string; min: number; max: number; otherwise?: number },
): number {
  if (value === undefined && otherwise !== undefined) return otherwise;
  const number = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new CliError(`--${name} must be a whole number from ${min} to ${max}.`, { isUsage: true });
}
