import { type DestinationStream, destination, type Logger, pino, stdSerializers, stdTimeFunctions } from "pino";
import { build as pretty } from "pino-pretty";
import type { Config } from "../settings/config.ts";

/** Logs for machines as JSON on standard output, and in development for a person on standard error. */
export function createLogger(
  { mode, logLevel }: Pick<Config, "mode" | "logLevel">,
  stream?: DestinationStream,
): Logger {
  const isForMachines = mode === "production";
  return pino(
    {
      level: logLevel,
      base: null,
      serializers: { err: withoutParameters },
      // A level by its name and a time with its zone: what collectors of logs, and people, read without a table.
      ...(isForMachines && { formatters: { level: (level) => ({ level }) }, timestamp: stdTimeFunctions.isoTime }),
    },
    stream ?? (isForMachines ? destination(1) : readable()),
  );
}

function readable(): DestinationStream {
  return pretty({ destination: 2, colorize: process.stderr.isTTY, translateTime: "HH:MM:ss", sync: true });
}

/** Drizzle puts a statement's parameters into its errors; among them are hashes of passwords and tokens. */
function withoutParameters(error: unknown): unknown {
  const serialized: unknown = error instanceof Error ? stdSerializers.errWithCause(error) : error;
  return scrub(serialized, 0);
}

function scrub(value: unknown, depth: number): unknown {
  if (typeof value === "string") return value.replace(/\nparams: [\s\S]*?(?=\n\s+at |$)/g, "");
  if (typeof value !== "object" || value === null || depth > 8) return value;
  if (Array.isArray(value)) return value.map((entry) => scrub(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !SECRET_KEYS.has(key))
      .map(([key, entry]) => [key, scrub(entry, depth + 1)]),
  );
}

/** As the driver, Drizzle and PostgreSQL name them; a `detail` shows the values of a row. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  "params",
  "parameters",
  "args",
  "detail",
  "where",
  "password",
  "token",
]);
