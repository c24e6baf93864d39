import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, lstat, mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmbeddedError, fileErrorCode } from "./embedded-error.ts";
import { canWorkIn, type ServiceUser } from "./service-user.ts";
import type { EmbeddedState } from "./state-file.ts";

/** Where an account of the system can enter; the second is for systems on which the first cannot be written. */
export const SHARED_FOLDERS: readonly string[] = [join("/var/lib", "doorbuster"), join(tmpdir(), "doorbuster")];

/**
 * The folder that holds the cluster and its log: DATA_DIR, unless the service user cannot get there, as in a clone
 * under a folder of mode 700. Then it is a folder, named for DATA_DIR, where that user can; the state file remembers
 * it. A database that exists is never passed over for a new one: if it cannot be reached, that is an `EmbeddedError`.
 */
export async function chooseHome(options: {
  dataDir: string;
  state: EmbeddedState | undefined;
  user: ServiceUser | undefined;
  shared: readonly string[];
  onProgress: (sentence: string) => void;
}): Promise<string> {
  const { dataDir, state, user } = options;
  const kept = state?.home ?? dataDir;
  if (existsSync(join(kept, "postgres"))) {
    if (user === undefined || (await canWorkIn(kept, user))) return kept;
    throw new EmbeddedError(
      `The embedded database in ${kept} runs as ${user.name}, who can no longer enter that folder: let it (chmod a+x on the folders above), or set DATABASE_URL to a PostgreSQL server.`,
    );
  }
  if (state?.home !== undefined) options.onProgress(`The database that was in ${state.home} is gone`);
  if (user === undefined || (await canWorkIn(dataDir, user)) || (await letThrough(dataDir, user))) return dataDir;
  const name = createHash("sha256").update(dataDir).digest("hex").slice(0, 16);
  for (const folder of await usableFolders(options.shared, user)) {
    const home = join(folder, name);
    if (!(await makeOwnFolder(home)) || !(await canWorkIn(home, user))) continue;
    // Nobody would know what may be removed together with which clone.
    await writeFile(join(home, "belongs-to"), `${dataDir}\n`);
    return home;
  }
  throw new EmbeddedError(
    `The embedded database runs as ${user.name}, who can enter neither ${dataDir} nor ${options.shared.join(" nor ")}: set DATA_DIR to a folder that it can enter, or DATABASE_URL to a PostgreSQL server.`,
  );
}

/**
 * Lets the user pass through DATA_DIR itself, without seeing what is in it, if that is all that is missing. The secrets
 * in it are closed to others by their own modes.
 */
async function letThrough(dataDir: string, user: ServiceUser): Promise<boolean> {
  const { uid, mode } = await lstat(dataDir);
  if (uid !== process.getuid?.()) return false;
  await chmod(dataDir, (mode & 0o7777) | 0o001);
  if (await canWorkIn(dataDir, user)) return true;
  await chmod(dataDir, mode & 0o7777);
  return false;
}

/** Those folders outside the project that only root can change and the service user can enter. None for ordinary users. */
export async function usableFolders(
  folders: readonly string[],
  user: ServiceUser | undefined,
): Promise<readonly string[]> {
  if (user === undefined) return [];
  const usable: string[] = [];
  for (const folder of folders) {
    if ((await makeOwnFolder(folder)) && (await canWorkIn(folder, user))) usable.push(folder);
  }
  return usable;
}

/** False when it cannot be made, or is somebody else's, who could put other files in place of ours. */
async function makeOwnFolder(folder: string): Promise<boolean> {
  try {
    // Whatever the umask, the service user must be able to pass through.
    if ((await mkdir(folder, { recursive: true })) !== undefined) await chmod(folder, 0o755);
    const found = await lstat(folder);
    return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
  } catch (error) {
    if (fileErrorCode(error) === undefined) throw error;
    return false;
  }
}
