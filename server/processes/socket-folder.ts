import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the web processes of one shop have their sockets. */
export interface SocketFolder {
  /** A socket of that name, for one web process; each start has its own, so that nothing left behind is in the way. */
  path(name: string, slot: number, start: number): string;
  remove(): Promise<void>;
}

/** A folder that only this user can enter; on Windows, where pipes have no folder, names that nobody can guess. */
export async function makeSocketFolder(): Promise<SocketFolder> {
  if (process.platform === "win32") {
    const pipes = `\\\\.\\pipe\\doorbuster-${randomBytes(16).toString("hex")}`;
    return { path: (...parts) => [pipes, ...parts].join("-"), remove: async () => {} };
  }
  // Its mode is 700. Paths of sockets may have some 100 bytes, so it is not in DATA_DIR.
  const folder = await mkdtemp(join(tmpdir(), "doorbuster-"));
  // Also when this process ends in a hurry.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return {
    path: (...parts) => join(folder, parts.join("-")),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
