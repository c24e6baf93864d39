import { randomUUID } from "node:crypto";
import { chown, mkdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ifPresent } from "../../settings/if-present.ts";
import { EmbeddedError, fileErrorCode } from "./embedded-error.ts";
import { runProgram } from "./run-program.ts";

/** The account that the server runs as when we are root, which PostgreSQL refuses to run as. */
export interface ServiceUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In order of preference: an account made for this, then the one that every system has. */
const SERVICE_ACCOUNTS = ["postgres", "_postgres", "nobody"] as const;

/**
 * Undefined when we are not root: then the server runs as ourselves. Else the owner of the cluster that exists
 * (PostgreSQL insists on its owner), or an unprivileged account of this system.
 */
export async function chooseServiceUser(cluster: string): Promise<ServiceUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await ifPresent(stat(cluster));
  if (owner && owner.uid !== 0) return { name: `uid ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  for (const name of SERVICE_ACCOUNTS) {
    const user = await lookUp(name);
    if (user !== undefined) return user;
  }
  throw new EmbeddedError(
    `PostgreSQL refuses to run as root, and this system has none of the accounts ${SERVICE_ACCOUNTS.join(", ")} to run it as: start as an ordinary user, or set DATABASE_URL to a PostgreSQL server.`,
  );
}

/**
 * Whether the user can really make files in a folder of its own under `folder`: tried, not read off the modes, which
 * say nothing of the folders above, of access lists or of a container's rules.
 */
export async function canWorkIn(folder: string, user: ServiceUser): Promise<boolean> {
  const probe = join(folder, `.probe-${randomUUID()}`);
  try {
    await mkdir(probe, { mode: 0o700 });
    await chown(probe, user.uid, user.gid);
    const tried = await runProgram("/bin/sh", ["-c", 'cd "$1" && : > file', "sh", probe], { user });
    return tried.code === 0;
  } catch (error) {
    // Some file systems and containers let not even root give files away.
    if (["EPERM", "EINVAL", "EACCES"].includes(fileErrorCode(error) ?? "")) return false;
    throw error;
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
}

/** Gives a file or folder to the service user, when there is one. */
export async function giveTo(path: string, user: ServiceUser | undefined): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid);
}

async function lookUp(name: string): Promise<ServiceUser | undefined> {
  const asked = await Promise.all(["-u", "-g"].map((what) => runProgram("id", [what, name], { user: undefined })));
  const [uid = 0, gid = 0] = asked.map(({ code, output }) => (code === 0 ? Number(output) : 0));
  return uid > 0 ? { name, uid, gid } : undefined;
}
