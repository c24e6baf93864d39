import { z } from "zod";
import { CHAOS_FAULTS } from "../shared/operations.ts";

export const ROLES = ["web", "worker", "warehouse"] as const;

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** As many as the largest of machines have cores for; each holds its own connections to the database. */
const PROCESSES_MAX = 64;

function wholeNumber({ min, max }: { min: number; max: number }) {
  const words = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, words)
    .transform(Number)
    .refine((value) => value >= min && value <= max, words);
}

const yesOrNo = z.enum(["true", "false"], "must be true or false").transform((value) => value === "true");

/** Names from a list, separated by commas, each once. */
function namesOf<const T extends string>(names: readonly T[]) {
  const isName = (name: string): name is T => (names as readonly string[]).includes(name);
  return z.string().transform((text, context): readonly T[] => {
    const given = text.split(",").map((name) => name.trim());
    if (given.every(isName)) return [...new Set(given)];
    context.addIssue(`must name some of ${names.join(", ")}, separated by commas`);
    return z.NEVER;
  });
}

function postgresUrl() {
  return z
    .string()
    .regex(/^postgres(ql)?:\/\//, "must begin with postgres:// or postgresql://")
    .refine((value) => URL.canParse(value), "is not a URL that can be read");
}

const rate = wholeNumber({ min: 1, max: 1_000_000 });

/** Every variable that is read, with its default. `.env.example` tells of each. */
export const environmentSchema = z.object({
  NODE_ENV: z.string().optional(),
  PORT: wholeNumber({ min: 0, max: 65_535 }).default(3000),
  // Demo accounts have a known password, so nobody but this machine is let in unless it is asked for.
  HOST: z.string().default("localhost"),
  PROCESSES: wholeNumber({ min: 1, max: PROCESSES_MAX }).default(1),
  PURCHASES_MEET: yesOrNo.default(true),
  DATABASE_URL: postgresUrl().optional(),
  DATABASE_SCHEMA: z
    .string()
    .regex(
      /^(?!pg_)(?!information_schema$)[a-z_][a-z0-9_]{0,62}$/,
      "must be the name of a schema: up to 63 of a-z, 0-9 and _, not starting with a digit or pg_",
    )
    .default("shop"),
  DATA_DIR: z.string().default(".data"),
  AUTH_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  POOL_SIZE: wholeNumber({ min: 1, max: 1_000 }).default(10),
  LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).optional(),
  PUBLIC_URL: z
    .string()
    .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), "must be a URL such as https://shop.example")
    .transform((value) => new URL(value))
    .optional(),
  TRUST_PROXY: yesOrNo.default(false),
  LIMIT_PURCHASES_PER_SECOND: rate.default(20),
  LIMIT_PURCHASES_BURST: rate.default(40),
  // A refusal is kept for ever, in some 300 bytes with its indexes.
  LIMIT_REFUSALS_PER_DAY: rate.default(2_000),
  // Many people may share an address, behind one router or in one test.
  LIMIT_ANONYMOUS_PER_SECOND: rate.default(100),
  LIMIT_ANONYMOUS_BURST: rate.default(500),
  LIMIT_SIGN_INS_PER_SECOND: rate.optional(),
  LIMIT_SIGN_INS_BURST: rate.optional(),
  LIMIT_SIGN_IN_FAILURES: rate.default(10),
  LIMIT_VIEWERS_PER_USER: rate.default(20),
  LIMIT_VIEWERS_PER_ADDRESS: rate.default(10_000),
  ROLES: namesOf(ROLES).default([...ROLES]),
  WAREHOUSE_DATABASE_URL: postgresUrl().optional(),
  WAREHOUSE_URL: z
    .string()
    .refine((value) => /^https?:\/\//.test(value) && URL.canParse(value), "must be a URL such as http://warehouse:3002")
    .transform((value) => value.replace(/\/+$/, ""))
    .optional(),
  WAREHOUSE_PORT: wholeNumber({ min: 0, max: 65_535 }).optional(),
  WAREHOUSE_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, "must have at least 16 visible characters")
    .optional(),
  CHAOS_ALLOWED: namesOf(CHAOS_FAULTS).optional(),
  CHAOS: namesOf(CHAOS_FAULTS).optional(),
  CHAOS_UNTIL: z.iso.datetime({ offset: true, error: "must be a time such as 2030-01-31T12:00:00Z" }).optional(),
});

export type Environment = z.infer<typeof environmentSchema>;
