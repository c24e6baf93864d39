import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import type { Sql } from "postgres";

/** What `npx drizzle-kit generate` would write now: nothing, when every change of the schema has its migration. */
export async function missingMigration(schema: Tables, migrationsFolder: string): Promise<string[]> {
  const meta = join(migrationsFolder, "meta");
  const last = (await readdir(meta))
    .filter((file) => file.endsWith("_snapshot.json"))
    .toSorted()
    .at(-1);
  if (!last) throw new Error(`there is no snapshot in ${meta}`);
  return generateMigration(JSON.parse(await readFile(join(meta, last), "utf8")), generateDrizzleJson(schema));
}

/**
 * Tables, columns, constraints, indexes and views, a line each: as the migrations made them in the connection's store, and
 * as drizzle-kit makes them of the schema.
 */
export async function describeBoth(sql: Sql, schema: Tables): Promise<{ made: string[]; declared: string[] }> {
  const [{ store = "" } = {}] = await sql<{ store: string }[]>`select current_schema() as store`;
  const made = await describe(sql);
  const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(schema));
  await sql`create schema declared`;
  const declared = await sql.begin(async (tx) => {
    // Behind it the store, for the functions that its columns are made with.
    await tx`select set_config('search_path', ${`declared, ${store}, pg_catalog`}, true)`;
    for (const statement of statements) await tx.unsafe(statement.replaceAll('"public".', ""));
    return describe(tx);
  });
  return { made, declared };
}

type Tables = Record<string, unknown>;

/** The same for the same schema, whatever its name, the server's version and the order in which things were made. */
async function describe(sql: Pick<Sql, "unsafe">): Promise<string[]> {
  const rows = await sql.unsafe<{ line: string }[]>(`
    select format('column %s.%s %s%s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      (select ' collate ' || collname from pg_collation where oid = a.attcollation and collname <> 'default'),
      case when a.attnotnull then ' not null' end,
      case when a.attidentity <> '' then ' identity' else ' default ' || pg_get_expr(d.adbin, d.adrelid) end) as line
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'v') and c.relname not like '\\_\\_%'
    union all
    -- PostgreSQL 18 keeps "not null" as a constraint too; triggers count as one.
    select format('constraint %s.%s %s', c.relname, conname, pg_get_constraintdef(k.oid))
    from pg_constraint k
    join pg_class c on c.oid = k.conrelid
    where k.connamespace = current_schema()::regnamespace and contype not in ('n', 't') and c.relname not like '\\_\\_%'
    union all
    select 'index ' || replace(indexdef, ' ON ' || quote_ident(schemaname) || '.', ' ON ')
    from pg_indexes
    where schemaname = current_schema() and tablename not like '\\_\\_%'
    union all
    select format('view %s %s', viewname, definition)
    from pg_views
    where schemaname = current_schema()
    order by line`);
  return rows.map(({ line }) => line);
}
