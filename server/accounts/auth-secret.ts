import type { Config } from "../settings/config.ts";
import { storedSecret } from "../settings/stored-secret.ts";

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
  return configured ?? storedSecret({ dataDir, name: "auth-secret", what: "The secret that signs sessions" });
}
