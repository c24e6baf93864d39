import { randomBytes } from "node:crypto";
import type postgres from "postgres";

/**
 * A superuser whose sessions begin with settings that nobody expects: what the product relies on it has to set by itself, so
 * all database tests run under it. What is not among `RELIED_ON` here is one that must not matter.
 */
export async function makeHostileRole(admin: postgres.Sql, name: string): Promise<{ name: string; password: string }> {
  const password = randomBytes(16).toString("hex");
  const [{ version = 0 } = {}] = await admin`select current_setting('server_version_num')::int as version`;
  await admin.unsafe(`drop role if exists ${name}; create role ${name} superuser login password '${password}'`);
  for (const [setting, value] of Object.entries({ ...HOSTILE, ...(version >= 170_000 && HOSTILE_SINCE_17) })) {
    await admin.unsafe(`alter role ${name} set ${setting} = '${value}'`);
  }
  return { name, password };
}

const HOSTILE = {
  client_encoding: "LATIN1",
  datestyle: "SQL, DMY",
  intervalstyle: "sql_standard",
  timezone: "Asia/Kathmandu",
  bytea_output: "escape",
  extra_float_digits: "-15",
  quote_all_identifiers: "on",
  lc_numeric: "C",
  default_text_search_config: "pg_catalog.german",
  standard_conforming_strings: "off",
  escape_string_warning: "on",
  backslash_quote: "off",
  array_nulls: "off",
  transform_null_equals: "on",
  row_security: "off",
  search_path: "nowhere",
  xmloption: "document",
  gin_fuzzy_search_limit: "1",
  default_transaction_isolation: "serializable",
  default_transaction_read_only: "on",
  default_transaction_deferrable: "on",
  synchronous_commit: "off",
  check_function_bodies: "off",
  statement_timeout: "2s",
  lock_timeout: "10ms",
  idle_in_transaction_session_timeout: "100ms",
  idle_session_timeout: "1s",
  exit_on_error: "on",
  client_min_messages: "debug1",
  enable_indexscan: "off",
  enable_indexonlyscan: "off",
  enable_bitmapscan: "off",
  enable_nestloop: "off",
  plan_cache_mode: "force_custom_plan",
  jit: "on",
  jit_above_cost: "0",
  application_name: "somebody else",
};

const HOSTILE_SINCE_17 = { transaction_timeout: "2s", restrict_nonsystem_relation_kind: "view" };
