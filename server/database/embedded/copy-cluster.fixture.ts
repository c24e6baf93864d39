import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { readState, writeState } from "./state-file.ts";

/**
 * Gives a DATA_DIR the embedded database of another that does not run, as if it had been made there: seconds quicker than
 * making one. Where that one's is kept elsewhere, because its user cannot enter it, nothing is copied, and a start makes one.
 */
export async function copyCluster(from: string, to: string): Promise<void> {
  const state = await readState(from);
  if (!state || !existsSync(join(from, "postgres"))) return;
  await mkdir(to, { recursive: true, mode: 0o755 });
  // With its owner, which Node's own copying leaves out.
  await promisify(execFile)("cp", ["-Rp", join(from, "postgres"), join(to, "postgres")]);
  // Each takes a port of its own.
  await writeState(to, { password: state.password });
}
