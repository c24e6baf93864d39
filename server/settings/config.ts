import { isAbsolute, resolve } from "node:path";
import { CHAOS_FAULTS, type ChaosFault } from "../../shared/operations.ts";
import { type Environment, environmentSchema, type LOG_LEVELS, type ROLES } from "./environment.ts";

/** Everything that can be set from outside, parsed once. */
export interface Config {
  readonly mode: "development" | "production";
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** Absent: the embedded PostgreSQL is used. */
  readonly databaseUrl: string | undefined;
  /** The store: the schema that holds its tables. */
  readonly databaseSchema: string;
  /** Absolute path of the folder for everything that this machine keeps. */
  readonly dataDir: string;
  /** Signs sessions. Absent in development: one is made and kept in `dataDir`. */
  readonly authSecret: string | undefined;
  /** Connections to the database, and so transactions at a time. */
  readonly poolSize: number;
  readonly logLevel: LogLevel;
  /** The origin that browsers use, for example https://shop.example. Then no other may change anything. */
  readonly publicUrl: URL | undefined;
  /** Whose `X-Forwarded-…` is believed. */
  readonly trustProxy: TrustProxy;
  readonly limits: LimitsConfig;
  /** What this start runs: the shop for its callers, the tasks, the warehouse service. */
  readonly roles: readonly Role[];
  readonly warehouse: WarehouseConfig;
  /** Opens `/metrics`. Absent in development: one is made and kept in `dataDir`. */
  readonly metricsToken: string | undefined;
  /** Faults that may be given to the warehouse on purpose. */
  readonly chaosAllowed: readonly ChaosFault[];
  /** Faults that it has from its start until a time. */
  readonly chaos: { readonly faults: readonly ChaosFault[]; readonly until: string } | undefined;
}

export type Role = (typeof ROLES)[number];

/** Nobody's, that of so many proxies in front, or that of proxies with these addresses or in these networks. */
export type TrustProxy = false | number | readonly string[];

export interface WarehouseConfig {
  /** Absent: a database of its own on the embedded server, or, with `databaseUrl`, a schema of its own there. */
  readonly databaseUrl: string | undefined;
  /** Where the shop calls it. Absent: where this start runs it, if it does. */
  readonly url: string | undefined;
  /** Absent: 3002, or a free port where that is taken. */
  readonly port: number | undefined;
  /** What the shop shows it. Absent: made from the shop's own secret, which needs both in one start. */
  readonly secret: string | undefined;
  /** What it lets in besides, while the shop's starts are given a new secret one after the other. */
  readonly previousSecret: string | undefined;
}

export interface LimitsConfig {
  /** Purchases of one user. */
  readonly purchases: Rate;
  /** Refusals of one user that are stored: purchases, and orders. */
  readonly refusals: Rate;
  /** Calls of everybody at one address who is not signed in. */
  readonly anonymous: Rate;
  /** What one user who is signed in asks, apart from what they change. */
  readonly users: Rate;
  /** Attempts to sign in or to sign up from one address. */
  readonly signIns: Rate;
  /** Accounts made from one address: they are kept for ever. */
  readonly signUps: Rate;
  /** Wrong passwords for one account within 15 minutes, before the next try has to wait. */
  readonly signInFailuresMax: number;
  /** Open streams of live stock. */
  readonly viewersPerUser: number;
  readonly viewersPerAddress: number;
}

/** A steady rate, with room for a burst. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Why the environment cannot be used. The message is one sentence for the person who set it. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/**
 * Reads the configuration from environment variables. An empty variable counts as absent.
 *
 * @param nowMs by the computer's clock, as `Date.now()` says it
 * @throws ConfigError that names the first variable that is wrong
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>, nowMs = Date.now()): Config {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  refuseBlanks(present);
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${issue?.path.join(".") || "The environment"} ${issue?.message ?? "is not valid"}.`);
  }
  const vars = parsed.data;
  const mode = vars.NODE_ENV === "production" ? "production" : "development";
  if (mode === "production") {
    if (runsShop(vars.ROLES)) checkSecret("AUTH_SECRET", vars.AUTH_SECRET);
    checkProductionWarehouse(vars);
  }
  if (vars.ROLES.includes("worker") && !vars.ROLES.includes("warehouse") && vars.WAREHOUSE_URL === undefined) {
    throw new ConfigError("WAREHOUSE_URL is required where a worker is started without the warehouse.");
  }
  checkPortsDiffer(vars);
  checkSecretsDiffer(vars);
  const chaosAllowed: readonly ChaosFault[] = vars.CHAOS_ALLOWED ?? (mode === "development" ? CHAOS_FAULTS : []);
  const development = mode === "development";
  return {
    mode,
    port: vars.PORT,
    host: vars.HOST,
    databaseUrl: vars.DATABASE_URL,
    databaseSchema: vars.DATABASE_SCHEMA,
    dataDir: isAbsolute(vars.DATA_DIR) ? vars.DATA_DIR : resolve(vars.DATA_DIR),
    authSecret: vars.AUTH_SECRET,
    poolSize: vars.POOL_SIZE,
    // A person who starts it wants to read what they have to know, and what goes wrong.
    logLevel: vars.LOG_LEVEL ?? (development ? "warn" : "info"),
    publicUrl: vars.PUBLIC_URL,
    trustProxy: vars.TRUST_PROXY,
    limits: {
      purchases: { perSecond: vars.LIMIT_PURCHASES_PER_SECOND, burst: vars.LIMIT_PURCHASES_BURST },
      refusals: perDay(vars.LIMIT_REFUSALS_PER_DAY),
      anonymous: { perSecond: vars.LIMIT_ANONYMOUS_PER_SECOND, burst: vars.LIMIT_ANONYMOUS_BURST },
      users: { perSecond: vars.LIMIT_READS_PER_SECOND, burst: vars.LIMIT_READS_BURST },
      signIns: {
        // Tests and demonstrations make hundreds of accounts from one machine.
        perSecond: vars.LIMIT_SIGN_INS_PER_SECOND ?? (development ? 50 : 2),
        burst: vars.LIMIT_SIGN_INS_BURST ?? (development ? 1_000 : 60),
      },
      // Some networks are a town behind one address.
      signUps: perDay(vars.LIMIT_SIGN_UPS_PER_DAY ?? (development ? 1_000_000 : 5_000)),
      signInFailuresMax: vars.LIMIT_SIGN_IN_FAILURES,
      viewersPerUser: vars.LIMIT_VIEWERS_PER_USER,
      viewersPerAddress: vars.LIMIT_VIEWERS_PER_ADDRESS,
    },
    roles: vars.ROLES,
    warehouse: {
      databaseUrl: vars.WAREHOUSE_DATABASE_URL,
      url: vars.WAREHOUSE_URL,
      port: vars.WAREHOUSE_PORT,
      secret: vars.WAREHOUSE_SECRET,
      previousSecret: vars.WAREHOUSE_SECRET_PREVIOUS,
    },
    metricsToken: vars.METRICS_TOKEN,
    chaosAllowed,
    chaos: initialChaos(vars, chaosAllowed, nowMs),
  };
}

/** A day's worth at once, and as much again over a day. */
function perDay(count: number): Rate {
  return { perSecond: count / 86_400, burst: count };
}

/** Left by an editor or a file with Windows' line ends, they cannot be seen, and another value would be read. */
function refuseBlanks(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(environmentSchema.shape)) {
    const value = env[name];
    // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing control characters is what this is for.
    if (value !== undefined && (value !== value.trim() || /[\u0000-\u001f\u007f\ufeff]/.test(value))) {
      throw new ConfigError(`${name} begins or ends with a blank, or holds a character that cannot be seen.`);
    }
  }
}

/** Faults from the start need an end that is near, so that they never stay on by accident; in production, a name each. */
function initialChaos(
  { CHAOS, CHAOS_UNTIL }: Pick<Environment, "CHAOS" | "CHAOS_UNTIL">,
  allowed: readonly ChaosFault[],
  nowMs: number,
): Config["chaos"] {
  if (CHAOS === undefined) return undefined;
  if (CHAOS_UNTIL === undefined) throw new ConfigError("CHAOS needs CHAOS_UNTIL, the time at which it ends.");
  if (Date.parse(CHAOS_UNTIL) > nowMs + CHAOS_HOURS_MAX * 3_600_000) {
    throw new ConfigError(
      `CHAOS_UNTIL is more than ${CHAOS_HOURS_MAX} hours ahead: faults would be forgotten, give a time that is nearer.`,
    );
  }
  const refused = CHAOS.find((fault) => !allowed.includes(fault));
  if (refused) throw new ConfigError(`CHAOS "${refused}" is refused here unless CHAOS_ALLOWED names it.`);
  return { faults: CHAOS, until: CHAOS_UNTIL };
}

/** A day of trials. */
const CHAOS_HOURS_MAX = 24;

/** Without WAREHOUSE_PORT another port is found. */
function checkPortsDiffer({ ROLES: roles, PORT, WAREHOUSE_PORT }: Environment): void {
  if (PORT === 0 || PORT !== WAREHOUSE_PORT || !roles.includes("web") || !roles.includes("warehouse")) return;
  throw new ConfigError(`PORT and WAREHOUSE_PORT are both ${PORT}: shop and warehouse need a port each.`);
}

/** Whoever holds one, Prometheus say, must not hold what signs sessions. */
function checkSecretsDiffer(vars: Environment): void {
  const given = SECRETS.filter((name) => vars[name] !== undefined);
  for (const name of given) {
    const same = given.find((other) => other !== name && vars[other] === vars[name]);
    if (same) throw new ConfigError(`${name} and ${same} are the same: each needs a secret of its own.`);
  }
}

const SECRETS = ["AUTH_SECRET", "WAREHOUSE_SECRET", "WAREHOUSE_SECRET_PREVIOUS", "METRICS_TOKEN"] as const;

/** In production two starts that are to trust each other need a secret that both were given. */
function checkProductionWarehouse(vars: Environment): void {
  const { ROLES: roles, WAREHOUSE_SECRET, WAREHOUSE_SECRET_PREVIOUS, WAREHOUSE_URL } = vars;
  if (WAREHOUSE_SECRET_PREVIOUS !== undefined) checkSecret("WAREHOUSE_SECRET_PREVIOUS", WAREHOUSE_SECRET_PREVIOUS);
  if (WAREHOUSE_SECRET !== undefined) checkSecret("WAREHOUSE_SECRET", WAREHOUSE_SECRET);
  else if (WAREHOUSE_URL !== undefined || !runsShop(roles)) {
    throw new ConfigError(
      `WAREHOUSE_SECRET is required in production where shop and warehouse are started apart: ${SECRET_ADVICE}.`,
    );
  }
}

function runsShop(roles: readonly Role[]): boolean {
  return roles.includes("web") || roles.includes("worker");
}

/** 256 bits as base64 are 44 characters, as hexadecimal 64. */
const SECRET_LENGTH_MIN = 32;

/** A made secret has far more; "changemechangemechangemechangeme" has 8. */
const SECRET_DISTINCT_CHARACTERS_MIN = 12;

const DEFAULT_SECRETS = /change|default|example|password|doorbuster|your[-_ ]?secret|better-auth/i;

const SECRET_ADVICE = "make one with `openssl rand -base64 32`";

function checkSecret(name: string, secret: string | undefined): void {
  if (secret === undefined) throw new ConfigError(`${name} is required in production: ${SECRET_ADVICE}.`);
  if (secret.length < SECRET_LENGTH_MIN) {
    throw new ConfigError(
      `${name} is too short: production needs at least ${SECRET_LENGTH_MIN} characters, ${SECRET_ADVICE}.`,
    );
  }
  if (new Set(secret).size < SECRET_DISTINCT_CHARACTERS_MIN || DEFAULT_SECRETS.test(secret)) {
    throw new ConfigError(`${name} is a default or a guessable one: ${SECRET_ADVICE}.`);
  }
}
