import type { Config } from "../settings/config.ts";
import { storedSecret } from "../settings/stored-secret.ts";

/**
 * What opens `/metrics`: the configured token, or, in development, one that is made once and kept in `dataDir`. In
 * production there is none unless it is configured, and then nobody is told anything.
 *
 * @throws ConfigError when it cannot be kept there
 */
export async function metricsToken({
  mode,
  metricsToken: configured,
  dataDir,
}: Pick<Config, "mode" | "metricsToken" | "dataDir">): Promise<string | undefined> {
  if (configured !== undefined || mode === "production") return configured;
  return storedSecret({ dataDir, name: METRICS_TOKEN_FILE, what: "The token that opens /metrics" });
}

export const METRICS_TOKEN_FILE = "metrics-token";
