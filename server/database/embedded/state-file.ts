import { randomBytes, randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EmbeddedError, fileErrorCode } from "./embedded-error.ts";

/** What a later start must know, kept in DATA_DIR where only its owner can read it. */
const stateSchema = z.object({
  /** The folder that holds the cluster and its log, when it is not DATA_DIR. */
  home: z.string().optional(),
  /** The port last used; a later start prefers it, so that addresses in people's notes stay true. */
  port: z.number().int().optional(),
  /** Of the superuser `postgres`; made at random, once. */
  password: z.string(),
});

export type EmbeddedState = z.infer<typeof stateSchema>;

const PASSWORD_BYTES = 24;

export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString("hex");
}

/** Undefined when there is none yet. A file that is not ours to read, or is damaged, is an `EmbeddedError`. */
export async function readState(dataDir: string): Promise<EmbeddedState | undefined> {
  const file = stateFile(dataDir);
  try {
    return stateSchema.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    const code = fileErrorCode(cause);
    if (code === "ENOENT") return undefined;
    if (code === "EACCES" || code === "EPERM") {
      const advice = "run this as that user, or set DATABASE_URL to a PostgreSQL server";
      throw new EmbeddedError(`${file} belongs to another user: ${advice}.`, { cause });
    }
    if (code !== undefined) throw cause;
    throw new EmbeddedError(
      `${file} is damaged: restore it, move ${dataDir} away to begin with an empty database, or set DATABASE_URL to a PostgreSQL server.`,
    );
  }
}

/** Replaces the file whole and on disk before it returns: a crash leaves the old one or the new one. */
export async function writeState(dataDir: string, state: EmbeddedState): Promise<void> {
  const unfinished = join(dataDir, `.embedded-${randomUUID()}`);
  const text = `${JSON.stringify(state, undefined, 2)}\n`;
  try {
    await writeFile(unfinished, text, { mode: 0o600, flag: "wx", flush: true });
    await rename(unfinished, stateFile(dataDir));
  } finally {
    await rm(unfinished, { force: true });
  }
}

function stateFile(dataDir: string): string {
  return join(dataDir, "embedded.json");
}
