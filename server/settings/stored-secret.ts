import { randomBytes } from "node:crypto";
import { link, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "./config.ts";
import { ifPresent } from "./if-present.ts";
import { makeFolder } from "./make-folder.ts";

/**
 * A secret that is made once and kept in a file of `dataDir`, for this user's eyes only, so that it outlives a restart.
 *
 * @param what names it in a sentence, for example "The secret that signs sessions"
 * @throws ConfigError when it cannot be kept there
 */
export async function storedSecret({ dataDir, name, what }: StoredSecret): Promise<string> {
  const path = join(dataDir, name);
  try {
    await makeFolder(dataDir);
    return (await stored(path)) ?? (await make(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`${what} cannot be kept in ${path}: ${reason}.`, { cause });
  }
}

async function stored(path: string): Promise<string | undefined> {
  const secret = (await ifPresent(readFile(path, "utf8")))?.trim();
  if (secret === undefined || secret.length >= 16) return secret;
  throw new Error("what is there is not a secret; remove it to have a new one made");
}

/** Of several processes that start at once, one makes it, whole, and the others take that one. */
async function make(path: string): Promise<string> {
  const secret = randomBytes(32).toString("base64url");
  const beside = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(beside, `${secret}\n`, { mode: 0o600, flag: "wx" });
  try {
    await link(beside, path);
    return secret;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    return (await stored(path)) ?? secret;
  } finally {
    await unlink(beside);
  }
}

interface StoredSecret {
  readonly dataDir: string;
  /** Of the file. */
  readonly name: string;
  readonly what: string;
}
