import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ifPresent } from "../../settings/if-present.ts";
import { EmbeddedError } from "./embedded-error.ts";
import { runProgram } from "./run-program.ts";
import { giveTo, type ServiceUser } from "./service-user.ts";
import { SETTINGS_FILE } from "./write-settings.ts";

const POSTGRES_MAJOR = "18";
const UNFINISHED = "postgres.unfinished-";

/**
 * Makes the cluster `<home>/postgres` with the superuser `postgres`. It is made under another name and renamed when
 * complete, so a start that was killed in the middle leaves nothing that looks like a cluster.
 */
export async function createCluster(options: {
  home: string;
  password: string;
  /** The folder of PostgreSQL's programs. */
  programs: string;
  user: ServiceUser | undefined;
}): Promise<void> {
  const { home, user } = options;
  await removeUnfinished(home);
  const unfinished = join(home, `${UNFINISHED}${randomUUID()}`);
  const passwordFile = `${unfinished}.password`;
  try {
    await mkdir(unfinished, { mode: 0o700 });
    await giveTo(unfinished, user);
    await writeFile(passwordFile, options.password, { mode: 0o600, flag: "wx" });
    await giveTo(passwordFile, user);
    const run = await runProgram(
      join(options.programs, "initdb"),
      [
        ...["-D", unfinished, "--username=postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"],
        // The built-in provider sorts the same on every system, whatever its C library.
        ...["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
        "--no-instructions",
      ],
      { user },
    );
    if (run.code !== 0) throw cannotCreate(home, run.output);
    // What initdb found out about this system stays in `postgresql.conf`; ours comes last and wins.
    await appendFile(join(unfinished, "postgresql.conf"), `\ninclude '${SETTINGS_FILE}'\n`, { flush: true });
    await rename(unfinished, join(home, "postgres"));
  } finally {
    await Promise.all([rm(unfinished, REMOVE_TREE), rm(passwordFile, { force: true })]);
  }
}

/** Whether there is a cluster that this PostgreSQL can serve; anything else in its place is an `EmbeddedError`. */
export async function clusterExists(cluster: string): Promise<boolean> {
  const major = (await ifPresent(readFile(join(cluster, "PG_VERSION"), "utf8")))?.trim();
  if (major === POSTGRES_MAJOR) return true;
  if (major !== undefined) {
    throw new EmbeddedError(
      `The database in ${cluster} was made by PostgreSQL ${major}, and the embedded one is ${POSTGRES_MAJOR}: move it away to begin with an empty database, or set DATABASE_URL to a PostgreSQL ${major} server that serves it.`,
    );
  }
  const files = await ifPresent(readdir(cluster));
  if (files === undefined || files.length === 0) return false;
  throw new EmbeddedError(
    `${cluster} holds files but no database: move it away to begin with an empty database, or set DATABASE_URL to a PostgreSQL server.`,
  );
}

/** What starts that were killed left; one whose initdb still runs for a moment is left to the next start. */
async function removeUnfinished(home: string): Promise<void> {
  const names = (await readdir(home)).filter((name) => name.startsWith(UNFINISHED));
  await Promise.all(names.map((name) => rm(join(home, name), REMOVE_TREE).catch(() => {})));
}

const REMOVE_TREE = { recursive: true, force: true, maxRetries: 3 } as const;

function cannotCreate(home: string, output: string): EmbeddedError {
  const reason = output.split("\n").findLast((line) => line.includes("error:") || line.includes("FATAL:"));
  return new EmbeddedError(
    `The embedded database could not be made in ${home} (${(reason ?? output.split("\n").at(-1) ?? "").trim()}): see to that, or set DATABASE_URL to a PostgreSQL server.`,
    { cause: output },
  );
}
