import { createHash } from "node:crypto";
import { access, chown, mkdir, realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmbeddedError, fileErrorCode } from "./embedded-error.ts";
import { canWorkIn, type ServiceUser } from "./service-user.ts";
import type { EmbeddedState } from "./state-file.ts";

/** Folders that every account can enter on a usual system; the second is for systems where the first is read-only. */
const SHARED_FOLDERS = [join("/var/lib", "doorbuster"), join(tmpdir(), "doorbuster")];

/** Where copies of the programs may go: beside the data first. */
export function copyFolders(dataDir: string, user: ServiceUser | undefined): readonly string[] {
  return user === undefined ? [dataDir] : [dataDir, ...SHARED_FOLDERS];
}

/**
 * The folder that holds the cluster and its log: DATA_DIR, unless the service user cannot work there, as in a clone
 * under a folder of mode 700. Then it is a folder named for DATA_DIR where that user can; the state file remembers it.
 */
export async function chooseHome(
  dataDir: string,
  state: EmbeddedState | undefined,
  user: ServiceUser | undefined,
): Promise<string> {
  if (user === undefined) {
    if (state?.home !== undefined) await insistReadable(state.home);
    return state?.home ?? dataDir;
  }
  if (state?.home !== undefined && (await canWorkIn(state.home, user))) return state.home;
  if (await canWorkIn(dataDir, user)) return dataDir;
  if (await exists(join(dataDir, "postgres"))) {
    throw new EmbeddedError(
      `The user ${user.name}, whom the embedded database runs as, can no longer enter ${dataDir}: let it (chmod a+x on the folders above), or set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  const name = createHash("sha256")
    .update(await realpath(dataDir))
    .digest("hex")
    .slice(0, 16);
  for (const folder of SHARED_FOLDERS) {
    const home = join(folder, name);
    if (await makeHome(home, user)) return home;
  }
  throw new EmbeddedError(
    `The user ${user.name}, whom the embedded database runs as, can enter neither ${dataDir} nor ${SHARED_FOLDERS.join(" nor ")}: set DATA_DIR to a folder that it can enter, or DATABASE_URL to a PostgreSQL server.`,
  );
}

async function makeHome(home: string, user: ServiceUser): Promise<boolean> {
  try {
    await mkdir(home, { recursive: true, mode: 0o755 });
    // In a folder where anybody can write, somebody else's folder of that name is not to be trusted.
    if ((await stat(home)).uid !== process.getuid?.()) return false;
    return await canWorkIn(home, user);
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS", "ENOTDIR", "ENOENT", "EEXIST", "ENOSPC"].includes(fileErrorCode(error) ?? "")) {
      return false;
    }
    throw error;
  }
}

async function insistReadable(home: string): Promise<void> {
  try {
    await access(join(home, "postgres", "PG_VERSION"));
  } catch (error) {
    throw new EmbeddedError(
      `The embedded database's data is in ${home}, which you may not read: start as the user who made it, or set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    );
  }
}

/** Gives a file or folder to the service user, when there is one. */
export async function giveTo(path: string, user: ServiceUser | undefined): Promise<void> {
  if (user !== undefined) await chown(path, user.uid, user.gid);
}

export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
