import { isIPv6 } from "node:net";
import { z } from "zod";

/** What a database URL says, checked and decoded. */
export interface DatabaseTarget {
  /** A name, an address without brackets, or the folder of a Unix socket, which begins with a slash. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Absent: the connection is not encrypted. */
  readonly tls: TlsTarget | undefined;
  readonly applicationName: string | undefined;
  readonly connectTimeoutMs: number | undefined;
}

export interface TlsTarget {
  readonly mode: (typeof TLS_MODES)[number];
  /** Files. Without `rootCert` the authorities count that Node knows; "system" means those of the operating system. */
  readonly rootCert: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

/** The message goes on from the name of the setting. It never repeats what may hold a password. */
export class DatabaseUrlError extends Error {
  override readonly name = "DatabaseUrlError";
}

/**
 * Reads a database URL as libpq does, so that one that works with `psql` works here or is refused for what it asks.
 *
 * @throws DatabaseUrlError
 */
export function parseDatabaseUrl(text: string): DatabaseTarget {
  if (!/^postgres(ql)?:\/\//.test(text)) throw new DatabaseUrlError("must begin with postgres:// or postgresql://");
  const parts = URL_PARTS.exec(text)?.groups;
  if (!parts) throw new DatabaseUrlError(LOOKS_LIKE);
  const given = parameters(parts.query ?? "");
  const { host, port } = hostAndPort(parts.hosts ?? "");
  const user = given.user ?? decoded("user", parts.user ?? "");
  if (user === "") throw new DatabaseUrlError(`names no user: it ${LOOKS_LIKE}`);
  const target = {
    host: oneHost(given.host ?? host) || "localhost",
    port: readPort(given.port ?? port),
    user,
    password: given.password ?? decoded("password", parts.password ?? ""),
    database: given.dbname ?? (decoded("database", parts.database ?? "") || user),
    tls: readTls(given),
    applicationName: given.application_name,
    connectTimeoutMs: given.connect_timeout === undefined ? undefined : given.connect_timeout * 1_000,
  };
  if (Object.values(target).some((value) => typeof value === "string" && value.includes("\0"))) {
    throw new DatabaseUrlError("must not have %00 in it");
  }
  return target;
}

const LOOKS_LIKE =
  "must look like postgres://user:password@host:5432/database, where / ? # @ % and blanks of a name or a password are written as %2F %3F %23 %40 %25 %20";

/** Any other slash or @ would be one of a password. */
const URL_PARTS =
  /^\w+:\/\/(?:(?<user>[^\s/?#:@]*)(?::(?<password>[^\s/?#@]*))?@)?(?<hosts>[^\s/?#@]*)(?:\/(?<database>[^\s/?#@]*))?(?:\?(?<query>[^\s?#]*))?$/;

function decoded(what: string, text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DatabaseUrlError(`has a "%" in its ${what} that stands for nothing: "%" itself is written as %25`);
  }
}

function hostAndPort(text: string): { host: string; port: string | undefined } {
  if (text.includes(",")) throw severalHosts();
  const parts = /^(?:\[(?<address>[^\]]*)\]|(?<name>[^:[\]]*))(?::(?<port>[^:]*))?$/.exec(text)?.groups;
  const address = parts?.address === undefined ? undefined : decoded("host", parts.address);
  if (!parts || (address !== undefined && !isIPv6(address))) {
    throw new DatabaseUrlError("has a host that cannot be read: an IPv6 address is written as [::1]");
  }
  return { host: address ?? decoded("host", parts.name ?? ""), port: parts.port || undefined };
}

function oneHost(host: string): string {
  if (host.includes(",")) throw severalHosts();
  return host;
}

function severalHosts(): DatabaseUrlError {
  return new DatabaseUrlError("names several hosts: give one, a name or a proxy that follows the primary");
}

function readPort(text: string | undefined): number {
  if (text === undefined) return 5432;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new DatabaseUrlError("has a port that is no number from 1 to 65535");
  return port;
}

const TLS_MODES = ["prefer", "require", "verify-ca", "verify-full"] as const;

function readTls({ sslmode = "disable", sslrootcert, sslcert, sslkey }: Parameters): TlsTarget | undefined {
  const isVerified = sslmode !== "disable" && sslmode !== "prefer";
  if (sslrootcert !== undefined && !isVerified) {
    throw new DatabaseUrlError("has sslrootcert, which needs sslmode=verify-full, verify-ca or require");
  }
  if ((sslcert === undefined) !== (sslkey === undefined)) {
    throw new DatabaseUrlError("needs both of sslcert and sslkey, or neither");
  }
  if (sslmode === "disable") {
    if (sslcert !== undefined) throw new DatabaseUrlError("has sslcert, which needs sslmode=verify-full or another");
    return undefined;
  }
  // As libpq does: an authority that is given is not ignored.
  const mode = sslmode === "require" && sslrootcert !== undefined ? "verify-ca" : sslmode;
  return { mode, rootCert: sslrootcert, cert: sslcert, key: sslkey };
}

type Parameters = z.infer<typeof parametersSchema>;

function parameters(query: string): Parameters {
  const given = new Map<string, string>();
  for (const pair of query.split("&").filter(Boolean)) {
    const at = pair.indexOf("=");
    const name = decoded("parameters", at < 0 ? pair : pair.slice(0, at));
    if (SCHEMA_PARAMETERS.has(name)) {
      throw new DatabaseUrlError(`must not have the parameter ${name}: the schema is named by DATABASE_SCHEMA`);
    }
    if (name === "options") {
      throw new DatabaseUrlError("must not have the parameter options: give them to the role, by ALTER ROLE … SET");
    }
    // What is no name may be the rest of a password.
    const shown = /^\w{1,40}$/.test(name) ? ` "${name}"` : "";
    if (!Object.hasOwn(parametersSchema.shape, name)) {
      const known = Object.keys(parametersSchema.shape).join(", ");
      throw new DatabaseUrlError(`has a parameter${shown} that is not known; known are ${known}`);
    }
    if (given.has(name)) throw new DatabaseUrlError(`has the parameter${shown} twice`);
    given.set(name, decoded(name, at < 0 ? "" : pair.slice(at + 1)));
  }
  const parsed = parametersSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DatabaseUrlError(`has the parameter ${issue?.path.join(".")}, which ${issue?.message}`);
}

/** How other programs name a schema in a URL. */
const SCHEMA_PARAMETERS: ReadonlySet<string> = new Set(["search_path", "schema", "currentSchema"]);

function oneOf<const T extends string>(names: readonly T[], otherwise = "") {
  return z.enum(names, `must be one of ${names.join(", ")}${otherwise}`).optional();
}

const filled = z.string().min(1, "must not be empty").optional();

/** The parameters of libpq that are known here. Those without a use below are asked for what is so in any case. */
const parametersSchema = z.object({
  host: filled,
  port: filled,
  user: filled,
  password: z.string().optional(),
  dbname: filled,
  sslmode: oneOf(["disable", ...TLS_MODES]),
  sslrootcert: filled,
  sslcert: filled,
  sslkey: filled,
  sslnegotiation: oneOf(["postgres"]),
  channel_binding: oneOf(["disable", "prefer"], ": it is not bound to the connection"),
  gssencmode: oneOf(["disable", "prefer"], ": Kerberos is not spoken"),
  target_session_attrs: oneOf(["any", "read-write", "primary"], ": a server that cannot be written to is never used"),
  client_encoding: oneOf(["UTF8", "utf8", "UTF-8", "utf-8", "auto"]),
  application_name: filled,
  connect_timeout: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, "must be a number of seconds from 1 to 999")
    .transform(Number)
    .optional(),
});
