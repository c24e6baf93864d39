import { readFileSync } from "node:fs";
import { ConfigError } from "./config.ts";
import { environmentSchema } from "./environment.ts";
import { misspelt } from "./misspelt.ts";
import { readEnvFile } from "./read-env-file.ts";

/**
 * Adds the settings of a file `.env` in the working folder, where there is one, to the environment. What is set already
 * stays.
 *
 * @param env is added to
 * @returns sentences about names that nobody reads
 * @throws ConfigError for a file that could be read in two ways, or that misspells a setting
 */
export function loadEnvFile(env: NodeJS.ProcessEnv = process.env, path = ".env"): readonly string[] {
  const warnings = Object.keys(env).flatMap((name) => {
    const meant = misspelt(name, SETTINGS);
    return meant === undefined ? [] : [`"${name}" in the environment is not read: is ${meant} meant?`];
  });
  for (const [name, value] of settingsIn(path)) {
    const meant = misspelt(name, SETTINGS);
    if (meant !== undefined) throw new ConfigError(`${name} in .env is no setting: ${meant} is.`);
    if (!SETTINGS.includes(name) && !OF_COMPOSE.test(name)) warnings.push(`${name} in .env is no setting of the shop.`);
    // An empty variable counts as absent, here too.
    env[name] ||= value;
  }
  return warnings;
}

const SETTINGS = Object.keys(environmentSchema.shape);

/** What `docker-compose.yml` and Docker read from the same file. */
const OF_COMPOSE = /^((POSTGRES|SHOP|WAREHOUSE_POSTGRES|WAREHOUSE|GRAFANA)_PASSWORD|(COMPOSE|DOCKER)_\w+)$/;

function settingsIn(path: string): ReadonlyMap<string, string> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return new Map();
    throw new ConfigError(`The file .env cannot be read: ${error instanceof Error ? error.message : error}.`);
  }
  return readEnvFile(bytes);
}
