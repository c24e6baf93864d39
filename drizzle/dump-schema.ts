import type { Sql } from "postgres";

/**
 * Writes down a store's schema as text: the same text for the same schema, whatever its name, the server's version and
 * the order in which things were made. A test holds it against `drizzle/schema.snapshot.txt`, so that a migration shows
 * in review what it does to the schema.
 *
 * @param sql a connection whose search_path begins with the store's schema
 */
export async function dumpSchema(sql: Sql): Promise<string> {
  const sections = await Promise.all([
    columns(sql),
    constraints(sql),
    indexes(sql),
    views(sql),
    routines(sql),
    triggers(sql),
  ]);
  return `${sections.flat().join("\n")}\n`;
}

async function columns(sql: Sql): Promise<string[]> {
  const rows = await sql<{ relation: string; kind: string; columns: string[]; options: string | null }[]>`
    select c.relname as relation, case c.relkind when 'v' then 'view' when 'c' then 'type' else 'table' end as kind,
      array_to_string(c.reloptions, ', ') as options,
      array_agg(
        format('  %s %s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
          case when a.attnotnull then ' not null' else '' end,
          case
            when a.attidentity <> '' then ' identity'
            when d.adbin is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid)
            else ''
          end)
        order by a.attname
      ) as columns
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'v', 'p', 'c') and c.relname not like '\\_\\_%'
    group by c.oid, c.relname, c.relkind, c.reloptions
    order by c.relname`;
  return rows.map((row) =>
    [`${row.kind} ${row.relation}${row.options ? ` (${row.options})` : ""}`, ...row.columns].join("\n"),
  );
}

/** PostgreSQL 18 keeps "not null" as a constraint too; the columns above say it already. */
async function constraints(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select format('constraint %s on %s %s', conname, c.relname, pg_get_constraintdef(k.oid)) as line
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    where k.connamespace = current_schema()::regnamespace and contype <> 'n' and contype <> 't'
      and c.relname not like '\\_\\_%'
    order by c.relname, conname`;
  return lines(rows);
}

async function indexes(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select replace(indexdef, ' ON ' || quote_ident(schemaname) || '.', ' ON ') as line
    from pg_indexes
    where schemaname = current_schema() and tablename not like '\\_\\_%'
    order by tablename, indexname`;
  return lines(rows);
}

async function views(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select format(E'definition of view %s\n%s', viewname, definition) as line
    from pg_views
    where schemaname = current_schema()
    order by viewname`;
  return lines(rows);
}

/** Of those in `drizzle/functions` only the heads: their bodies are there to be read. */
async function routines(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select format(E'function %s(%s) returns %s%s%s', proname, pg_get_function_identity_arguments(oid),
      pg_get_function_result(oid),
      (
        select string_agg(E'\n  set ' || replace(setting, quote_ident(current_schema()), '(the store)'), '' order by setting)
        from unnest(proconfig) as setting
      ),
      (select E'\n' || prosrc where proname not in (select name from __functions))) as line
    from pg_proc
    where pronamespace = current_schema()::regnamespace
    order by proname`;
  return lines(rows);
}

async function triggers(sql: Sql): Promise<string[]> {
  const rows = await sql<{ line: string }[]>`
    select replace(pg_get_triggerdef(t.oid), quote_ident(current_schema()) || '.', '') as line
    from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = current_schema()::regnamespace and not t.tgisinternal
    order by c.relname, t.tgname`;
  return lines(rows);
}

function lines(rows: readonly { line: string }[]): string[] {
  return rows.map((row) => row.line);
}
