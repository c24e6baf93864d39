import { isIP } from "node:net";
import { z } from "zod";
import { CHAOS_FAULTS } from "../../shared/operations.ts";
import { timestampSchema } from "../../shared/primitives.ts";
import { isNetwork } from "./addresses.ts";
import { parseDatabaseUrl } from "./database-url.ts";

export const ROLES = ["web", "worker", "warehouse"] as const;

export const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

/** `test` is what test runners set, and the same as `development`. */
const MODES = ["development", "production", "test"] as const;

function wholeNumber({ min, max }: { min: number; max: number }) {
  const words = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^(0|[1-9]\d{0,8})$/, words)
    .transform(Number)
    .refine((value) => value >= min && value <= max, words);
}

/** A setting that was one once. Whoever still sets it expects what it did. */
function gone(words: string) {
  return z.never(words).optional();
}

const GONE_WITH_PROCESSES =
  "is no setting any more: for more than one web process start the shop as often behind a proxy (ops/haproxy.cfg, ops/nginx.conf)";

/** Names from a list, separated by commas, each once. */
function namesOf<const T extends string>(names: readonly T[]) {
  const isName = (name: string): name is T => (names as readonly string[]).includes(name);
  return z.string().transform((text, context): readonly T[] => {
    const given = text.split(",").map((name) => name.trim());
    if (given.every(isName) && new Set(given).size === given.length) return given;
    context.addIssue(`must name some of ${names.join(", ")}, each once, separated by commas`);
    return z.NEVER;
  });
}

/** Proxies by number, or by address. Believing everybody would let each caller choose the address that is counted. */
const trustedProxies = z.string().transform((text, context): false | number | readonly string[] => {
  if (text === "false") return false;
  if (/^[1-9]$/.test(text)) return Number(text);
  const networks = text.split(",").map((network) => network.trim());
  if (networks.every(isNetwork)) return networks;
  context.addIssue(
    text === "true"
      ? `is true, which would believe every caller: set it to the number of proxies in front, such as 1, or to their ${NETWORKS}`
      : `must be false, the number of proxies in front (1 to 9), or their ${NETWORKS}`,
  );
  return z.NEVER;
});

const NETWORKS =
  "addresses and networks, written such as 10.0.0.0/8,::1, without bits behind a network's own, and none larger than 10.0.0.0/8 or fc00::/7";

/** An origin, exactly as browsers write it: any other spelling is one that somebody may read as another host. */
const origin = z.string().transform((value, context) => {
  const url = /^https?:\/\//i.test(value) ? URL.parse(value) : null;
  if (url === null) context.addIssue("must be a URL such as https://shop.example");
  else if (url.port === "0" || !HOST_NAME.test(url.hostname))
    context.addIssue("must name one host that a browser can go to, such as https://shop.example");
  else if (url.origin !== value)
    context.addIssue(
      `must be nothing but an origin as browsers write it, here ${url.origin}: the shop has a host for itself, without a path, a query or a name and password`,
    );
  else return url;
  return z.NEVER;
});

/** Several of them, each once. A wildcard would let in whoever makes a name that fits. */
const origins = z.string().transform((text, context): readonly string[] => {
  const given = text.split(",").map((name) => name.trim());
  for (const name of given) {
    const { error } = origin.safeParse(name);
    if (!error) continue;
    context.addIssue(`holds ${JSON.stringify(name)}, which ${error.issues[0]?.message}`);
    return z.NEVER;
  }
  if (new Set(given).size === given.length) return given;
  context.addIssue("must name each origin once");
  return z.NEVER;
});

/** As a URL has it: a name without wildcards, or an address. */
const HOST_NAME = /^([a-z\d]([\w-]*[a-z\d])?(\.[a-z\d]([\w-]*[a-z\d])?)*\.?|\[[\da-f:.]+\])$/;

function postgresUrl() {
  return z.string().superRefine((value, context) => {
    try {
      parseDatabaseUrl(value);
    } catch (error) {
      context.addIssue(error instanceof Error ? error.message : String(error));
    }
  });
}

const rate = wholeNumber({ min: 1, max: 1_000_000 });

/** Every variable that is read, with its default. `.env.example` tells of each. */
export const environmentSchema = z.object({
  // "prod" must not begin a shop for development, whose passwords are public.
  NODE_ENV: z.enum(MODES, `must be one of ${MODES.join(", ")}, or absent for development`).default("development"),
  PORT: wholeNumber({ min: 0, max: 65_535 }).default(3000),
  // Demo accounts have a known password, so nobody but this machine is let in unless it is asked for.
  // A name would be whatever it leads to, and some shells set HOST to the machine's.
  HOST: z
    .string()
    .refine(
      (value) => value === "localhost" || (isIP(value) !== 0 && !value.includes("%")),
      "must be localhost or an address of this machine, such as 0.0.0.0 for all of them (some shells set it to the machine's name: unset it there)",
    )
    .default("localhost"),
  PROCESSES: gone(`${GONE_WITH_PROCESSES}, each with a PORT of its own`),
  PURCHASES_MEET: gone(GONE_WITH_PROCESSES),
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
  PUBLIC_URL: origin.optional(),
  ALLOWED_ORIGINS: origins.default([]),
  TRUST_PROXY: trustedProxies.default(false),
  LIMIT_PURCHASES_PER_SECOND: rate.default(20),
  LIMIT_PURCHASES_BURST: rate.default(40),
  // A refusal is kept for ever, in some 300 bytes with its indexes.
  LIMIT_REFUSALS_PER_DAY: rate.default(2_000),
  // Many people may share an address, behind one router or in one test.
  LIMIT_ANONYMOUS_PER_SECOND: rate.default(100),
  LIMIT_ANONYMOUS_BURST: rate.default(500),
  // A page with everything open asks for some ten things a second.
  LIMIT_READS_PER_SECOND: rate.default(100),
  LIMIT_READS_BURST: rate.default(500),
  LIMIT_SIGN_INS_PER_SECOND: rate.optional(),
  LIMIT_SIGN_INS_BURST: rate.optional(),
  LIMIT_SIGN_UPS_PER_DAY: rate.optional(),
  LIMIT_SIGN_IN_FAILURES: rate.default(10),
  LIMIT_VIEWERS_PER_USER: rate.default(20),
  LIMIT_VIEWERS_PER_ADDRESS: rate.default(10_000),
  ROLES: namesOf(ROLES).default([...ROLES]),
  WAREHOUSE_DATABASE_URL: postgresUrl().optional(),
  WAREHOUSE_URL: z
    .string()
    .regex(/^https?:\/\/[^?#@]+$/, "must be a URL such as http://warehouse:3002, without a name, a password or a query")
    .refine((value) => URL.canParse(value), "must be a URL such as http://warehouse:3002")
    .transform((value) => value.replace(/\/+$/, ""))
    .optional(),
  WAREHOUSE_PORT: z
    .string()
    .refine(
      (value) => !/^(tcp|udp):\/\//.test(value),
      "is an address that Kubernetes or Docker set for a service named warehouse: set enableServiceLinks: false in the pod, or WAREHOUSE_PORT to a number",
    )
    .pipe(wholeNumber({ min: 0, max: 65_535 }))
    .optional(),
  WAREHOUSE_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  WAREHOUSE_SECRET_PREVIOUS: z.string().min(16, "must have at least 16 characters").optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{16,}$/, "must have at least 16 visible characters")
    .optional(),
  CHAOS_ALLOWED: namesOf(CHAOS_FAULTS).optional(),
  CHAOS: namesOf(CHAOS_FAULTS).optional(),
  CHAOS_UNTIL: z
    .string()
    .refine((value) => timestampSchema.safeParse(value).success, "must be a time such as 2030-01-31T12:00:00Z")
    .pipe(timestampSchema)
    .optional(),
});

export type Environment = z.infer<typeof environmentSchema>;
