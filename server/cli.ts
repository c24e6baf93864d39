import { parseArgs } from "node:util";
import { auditVerify } from "./cli/audit-verify.ts";
import { CliError, type Command } from "./cli/command.ts";
import { migrateCommand } from "./cli/migrate.ts";
import { operatorCreate } from "./cli/operator-create.ts";
import { reconcileCommand } from "./cli/reconcile.ts";
import { tokens } from "./cli/tokens.ts";
import { explainError } from "./processes/explain-error.ts";
import { readConfig } from "./settings/config.ts";
import { loadEnvFile } from "./settings/load-env-file.ts";

/**
 * `npm run cli -- <command>`. Standard output holds the command's result and nothing else. Exit codes: 0 done, 1 failed,
 * 2 given wrongly.
 */
async function main(args: string[]): Promise<number> {
  const found = commandIn(args);
  if (args.some((arg) => HELP.has(arg))) {
    process.stdout.write(usage(found && [found.command]));
    return 0;
  }
  if (!found) {
    const words = args.join(" ");
    process.stderr.write(words === "" ? usage() : `There is no command "${words}".\n\n${usage()}`);
    return 2;
  }
  const { command, rest } = found;
  try {
    for (const warning of loadEnvFile()) say(warning);
    const { values } = parseArgs({ args: rest, options: command.options, strict: true });
    return await command.run({ config: readConfig(process.env), values, say });
  } catch (error) {
    if (isUsageError(error)) {
      process.stderr.write(`${error.message}\n\n${usage([command])}`);
      return 2;
    }
    process.stderr.write(`${error instanceof CliError ? error.message : explainError(error)}\n`);
    return 1;
  }
}

const HELP: ReadonlySet<string> = new Set(["help", "--help", "-h"]);

const COMMANDS: readonly Command[] = [operatorCreate, migrateCommand, tokens, reconcileCommand, auditVerify];

function commandIn(args: string[]): { command: Command; rest: string[] } | undefined {
  for (const command of COMMANDS) {
    const words = command.name.split(" ");
    if (words.every((word, at) => args[at] === word)) return { command, rest: args.slice(words.length) };
  }
  return undefined;
}

function usage(commands = COMMANDS): string {
  const lines = commands.map(({ name, synopsis, does }) => `  ${`${name} ${synopsis}`.trimEnd()}\n      ${does}\n`);
  return `Usage: npm run cli -- <command>\n\n${lines.join("\n")}`;
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof CliError) return error.isUsage;
  return error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

process.exitCode = await main(process.argv.slice(2));
