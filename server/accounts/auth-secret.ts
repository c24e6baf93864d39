import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Config, ConfigError } from "../config.ts";

/**
 * The secret that signs sessions: the configured one, or, in development, one that is made once and kept in `dataDir`
 * for this user's eyes only, so that tokens outlive a restart.
 *
 * @throws ConfigError when it cannot be kept there
 */
export async function authSecret({
  authSecret: configured,
  dataDir,
}: Pick<Config, "authSecret" | "dataDir">): Promise<string> {
  if (configured !== undefined) return configured;
  const path = join(dataDir, "auth-secret");
  try {
    await mkdir(dataDir, { recursive: true });
    return (await kept(path)) ?? (await make(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`The secret that signs sessions cannot be kept in ${path}: ${reason}.`, { cause });
  }
}

async function kept(path: string): Promise<string | undefined> {
  try {
    const secret = (await readFile(path, "utf8")).trim();
    if (secret.length < 16) throw new Error("what is there is not a secret; remove it to have a new one made");
    return secret;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
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
    return (await kept(path)) ?? secret;
  } finally {
    await unlink(beside);
  }
}
