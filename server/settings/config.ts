import { resolve } from "node:path";
import { CHAOS_FAULTS, type ChaosFault } from "../../shared/operations.ts";
import { type Environment, environmentSchema, type ROLES } from "./environment.ts";

/** Everything that can be set from outside, parsed once. */
export type Config = ReturnType<typeof readConfig>;

export type LimitsConfig = Config["limits"];

export type TrustProxy = Config["trustProxy"];

export type Role = (typeof ROLES)[number];

/** A steady rate, with room for a burst. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

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
export function readConfig(env: Readonly<Record<string, string | undefined>>, nowMs = Date.now()) {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  refuseBlanks(present);
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`${issue?.path.join(".") || "The environment"} ${issue?.message ?? "is not valid"}.`);
  }
  const vars = parsed.data;
  const isDevelopment = vars.NODE_ENV !== "production";
  const mode: "development" | "production" = isDevelopment ? "development" : "production";
  if (!isDevelopment) {
    if (runsShop(vars.ROLES)) checkSecret("AUTH_SECRET", vars.AUTH_SECRET);
    checkProductionWarehouse(vars);
  }
  if (vars.ROLES.includes("worker") && !vars.ROLES.includes("warehouse") && vars.WAREHOUSE_URL === undefined) {
    throw new ConfigError("WAREHOUSE_URL is required where a worker is started without the warehouse.");
  }
  checkPortsDiffer(vars);
  checkSecretsDiffer(vars);
  const chaosAllowed: readonly ChaosFault[] = vars.CHAOS_ALLOWED ?? (isDevelopment ? CHAOS_FAULTS : []);
  const limits = {
    /** Purchases of one user. */
    purchases: { perSecond: vars.LIMIT_PURCHASES_PER_SECOND, burst: vars.LIMIT_PURCHASES_BURST },
    /** Refusals of one user that are stored: purchases, and orders. */
    refusals: perDay(vars.LIMIT_REFUSALS_PER_DAY),
    /** Calls of everybody at one address who is not signed in. */
    anonymous: { perSecond: vars.LIMIT_ANONYMOUS_PER_SECOND, burst: vars.LIMIT_ANONYMOUS_BURST },
    /** What one user who is signed in asks, apart from what they change. */
    users: { perSecond: vars.LIMIT_READS_PER_SECOND, burst: vars.LIMIT_READS_BURST },
    /** Attempts to sign in or to sign up from one address. Tests and demonstrations make hundreds of accounts from one machine. */
    signIns: {
      perSecond: vars.LIMIT_SIGN_INS_PER_SECOND ?? (isDevelopment ? 50 : 2),
      burst: vars.LIMIT_SIGN_INS_BURST ?? (isDevelopment ? 1_000 : 60),
    },
    /** Accounts made from one address: they are kept for ever. Some networks are a town behind one address. */
    signUps: perDay(vars.LIMIT_SIGN_UPS_PER_DAY ?? (isDevelopment ? 1_000_000 : 5_000)),
    /** Wrong passwords for one account within 15 minutes, before the next try has to wait. */
    signInFailuresMax: vars.LIMIT_SIGN_IN_FAILURES,
    /** Open streams of live stock. */
    viewersPerUser: vars.LIMIT_VIEWERS_PER_USER,
    viewersPerAddress: vars.LIMIT_VIEWERS_PER_ADDRESS,
  };
  const warehouse = {
    /** Absent: a database of its own on the embedded server, or, with `databaseUrl`, a schema of its own there. */
    databaseUrl: vars.WAREHOUSE_DATABASE_URL,
    /** Where the shop calls it. Absent: where this start runs it, if it does. */
    url: vars.WAREHOUSE_URL,
    /** Absent: 3002, or a free port where that is taken. */
    port: vars.WAREHOUSE_PORT,
    /** What the shop shows it. Absent: made from the shop's own secret, which needs both in one start. */
    secret: vars.WAREHOUSE_SECRET,
    /** What it lets in besides, while the shop's starts are given a new secret one after the other. */
    previousSecret: vars.WAREHOUSE_SECRET_PREVIOUS,
  };
  return {
    mode,
    /** 0 takes a free port. */
    port: vars.PORT,
    host: vars.HOST,
    /** Absent: the embedded PostgreSQL is used. */
    databaseUrl: vars.DATABASE_URL,
    /** The store: the schema that holds its tables. */
    databaseSchema: vars.DATABASE_SCHEMA,
    /** Absolute path of the folder for everything that this machine keeps. */
    dataDir: resolve(vars.DATA_DIR),
    /** Signs sessions. Absent in development: one is made and kept in `dataDir`. */
    authSecret: vars.AUTH_SECRET,
    /** Connections to the database, and so transactions at a time. */
    poolSize: vars.POOL_SIZE,
    /** A person who starts it wants to read what they have to know, and what goes wrong. */
    logLevel: vars.LOG_LEVEL ?? (isDevelopment ? "warn" : "info"),
    /** The origin that browsers use, for example https://shop.example. Then no other may change anything. */
    publicUrl: vars.PUBLIC_URL,
    /** Of pages that may call the shop from a browser, with bearer tokens and without cookies. */
    allowedOrigins: allowedOrigins(vars),
    /** Whose `X-Forwarded-…` is believed: nobody's, that of so many proxies in front, or that of proxies in these networks. */
    trustProxy: vars.TRUST_PROXY,
    limits,
    /** What this start runs: the shop for its callers, the tasks, the warehouse service. */
    roles: vars.ROLES,
    warehouse,
    /** Opens `/metrics`. Absent in development: one is made and kept in `dataDir`. */
    metricsToken: vars.METRICS_TOKEN,
    /** Faults that may be given to the warehouse on purpose. */
    chaosAllowed,
    /** Faults that it has from its start until a time. */
    chaos: initialChaos(vars, chaosAllowed, nowMs),
  } as const;
}

/** The shop's own pages have its cookies. */
function allowedOrigins({ ALLOWED_ORIGINS: origins, PUBLIC_URL: own }: Environment): readonly string[] {
  if (own && origins.includes(own.origin))
    throw new ConfigError("ALLOWED_ORIGINS names the shop itself: leave it out.");
  return origins;
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
): { readonly faults: readonly ChaosFault[]; readonly until: string } | undefined {
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
