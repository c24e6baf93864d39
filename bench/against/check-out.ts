import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ArgumentError } from "../arguments.ts";

const run = promisify(execFile);

/**
 * Puts a revision of this repository into an empty folder, with the packages that it asks for.
 *
 * @throws ArgumentError when git knows no such revision
 */
export async function checkOut(revision: string, { folder, signal }: { folder: string; signal: AbortSignal }) {
  const commit = await commitOf(revision);
  const archive = join(folder, "revision.tar");
  await run("git", ["archive", "--format=tar", `--output=${archive}`, commit], { cwd: ROOT, signal });
  await run("tar", ["-xf", archive, "-C", folder], { signal });
  await run("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, signal, maxBuffer: OUTPUT_BYTES_MAX });
}

async function commitOf(revision: string): Promise<string> {
  try {
    const asked = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
    return (await run("git", asked, { cwd: ROOT })).stdout.trim();
  } catch {
    throw new ArgumentError(`git knows no revision ${revision} here.`);
  }
}

const ROOT = join(import.meta.dirname, "../..");

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
