import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Connection } from "./connection.ts";

/** The shop's own database user, where the store belongs to another: see `ops/server-role.sql`. */
export const SERVER_ROLE = "doorbuster_server";

/**
 * Gives the shop's own user its rights in a store, where the server has such a user and whoever asks is another, who may.
 *
 * @param connection of a session whose `search_path` is the store
 * @param hasChanged whether the store has tables or functions that it had not; otherwise a user who has rights keeps them
 */
export async function grantServerRole(connection: Connection, schema: string, hasChanged: boolean): Promise<void> {
  const [found] = await connection.run(
    `select
       current_user <> rolname
       and pg_has_role(current_user, (select nspowner from pg_namespace where nspname = $2), 'usage')
       and ($3::boolean or not has_schema_privilege(rolname, $2, 'usage')) as lacks
     from pg_roles
     where rolname = $1`,
    [SERVER_ROLE, schema, String(hasChanged)],
  );
  if (found?.lacks !== true) return;
  await connection.run(`begin read write; ${await readFile(GRANTS_FILE, "utf8")}; commit`);
}

const GRANTS_FILE = join(import.meta.dirname, "../../ops/server-role.sql");
