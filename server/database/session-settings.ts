/**
 * What our statements and parsers rely on, whatever the server's file, the database or the role say: every setting that a
 * role may be given (`context` is `user` in `pg_settings`) and that changes what a statement means, how a value is written,
 * or how long a session lives. Left to the administrator are those that change no more than costs and memory, and those
 * that only a superuser may set. Of these `session_replication_role`, which switches triggers off, is looked at: see `checkServer`.
 *
 * They travel in the start-up message, which costs no round trip. PgBouncer passes them on only where its
 * `ignore_startup_parameters` does not name them, and in transaction mode not at all: there they have to be set inside each
 * transaction.
 */
export const RELIED_ON = {
  // How values are written and read.
  client_encoding: "UTF8",
  DateStyle: "ISO, MDY",
  IntervalStyle: "postgres",
  TimeZone: "UTC",
  bytea_output: "hex",
  extra_float_digits: "1",
  // Functions keep their search_path as it is written then, and the schema is compared by its text.
  quote_all_identifiers: "off",
  // What a statement means.
  standard_conforming_strings: "on",
  backslash_quote: "safe_encoding",
  array_nulls: "on",
  transform_null_equals: "off",
  row_security: "on",
  gin_fuzzy_search_limit: "0",
  default_transaction_isolation: "read committed",
  default_transaction_deferrable: "off",
  // How long a session lives, and what it hears.
  idle_session_timeout: "0",
  exit_on_error: "off",
  client_min_messages: "warning",
} as const;

/**
 * Prepared statements keep their plans. One that was made while a table was small may read the whole table for every
 * purchase of a growing sale, until the next ANALYZE. So plans use indexes from the start. What really looks at everything
 * (`reconcile`) takes the first three back for itself.
 */
export const INDEX_PLANS = {
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  enable_indexscan: "on",
  enable_indexonlyscan: "on",
  enable_bitmapscan: "on",
  enable_nestloop: "on",
  plan_cache_mode: "auto",
  // Before 18 a plan without a choice costs so much that it would be compiled, which takes longer than to run it.
  jit: "off",
} as const;

/**
 * Settings that not every version has, so that they cannot be in the start-up message, and one that is only made stricter:
 * an answered purchase is on disk. What waits for standbys as well is left as it is.
 */
export const SET_AT_FIRST = `
  select
    case when current_setting('synchronous_commit') = 'off' then set_config('synchronous_commit', 'on', false) end,
    case when current_setting('transaction_timeout', true) <> '0' then set_config('transaction_timeout', '0', false) end,
    case when current_setting('restrict_nonsystem_relation_kind', true) <> ''
      then set_config('restrict_nonsystem_relation_kind', '', false) end`;
