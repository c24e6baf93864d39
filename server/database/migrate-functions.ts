import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Connection } from "./connection.ts";
import { quoteIdentifier } from "./connection-settings.ts";
import type { Transaction } from "./transaction.ts";

/**
 * The SQL functions and types of a store, from a folder with a file for each. The store keeps the texts that it was made
 * from (`__functions`), so that a changed file is seen.
 *
 * A changed body replaces the function in place, under the callers that use it. Where its head changed as well, the
 * function is dropped first; where a type changed, everything is. Who calls during that waits for nothing, and meets
 * either the old function or the new one.
 */
export interface StoredRoutine {
  /** The file's and the function's or type's. */
  readonly name: string;
  readonly text: string;
}

/** What the folder holds; nothing where there is no such folder. */
export async function readFunctions(folder: string): Promise<StoredRoutine[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const names = files.filter((file) => file.endsWith(".sql")).map((file) => basename(file, ".sql"));
  return Promise.all(
    names.toSorted().map(async (name) => {
      const text = await readFile(join(folder, `${name}.sql`), "utf8");
      if (HEAD.exec(text)?.groups?.name !== name) {
        throw new Error(`${join(folder, `${name}.sql`)} must create the function or type "${name}", and nothing else`);
      }
      return { name, text };
    }),
  );
}

/** Whether the store has exactly these. Needs no right but to read. */
export async function hasFunctions(
  connection: Connection,
  schema: string,
  wanted: readonly StoredRoutine[],
): Promise<boolean> {
  const [found] = await connection.run("select to_regclass($1) is not null as made", [tableOf(schema)]);
  if (found?.made !== true) return wanted.length === 0;
  const changes = changesOf(await readStored(connection, schema), wanted);
  return changes.drop.length + changes.create.length + changes.forget.length === 0;
}

/** Makes the store have exactly these, in the transaction. */
export async function installFunctions(
  tx: Transaction,
  schema: string,
  wanted: readonly StoredRoutine[],
): Promise<void> {
  const store = quoteIdentifier(schema);
  const table = tableOf(schema);
  // Functions keep this path ("from current"): the store they were made in, and never a caller's temporary tables first.
  await tx.run(`set local search_path to ${store}, pg_temp`, []);
  // Functions may use each other in any order.
  await tx.run("set local check_function_bodies to off", []);
  await tx.run(`create table if not exists ${table} (name text primary key, text text not null)`, []);
  const { drop, create, forget } = changesOf(await readStored(tx, schema), wanted);
  for (const { name, text } of drop) {
    await tx.run(`drop ${kindOf(text)} if exists ${store}.${quoteIdentifier(name)}`, []);
  }
  for (const name of forget) await tx.run(`delete from ${table} where name = $1`, [name]);
  for (const { name, text } of create) {
    await tx.run(text, []);
    await tx.run(`insert into ${table} values ($1, $2) on conflict (name) do update set text = excluded.text`, [
      name,
      text,
    ]);
  }
}

/** What to drop, functions before types, and what to create, types before functions. */
export function changesOf(stored: readonly StoredRoutine[], wanted: readonly StoredRoutine[]): Changes {
  const wantedTexts = new Map(wanted.map(({ name, text }) => [name, text]));
  const storedTexts = new Map(stored.map(({ name, text }) => [name, text]));
  const headChanged = stored.filter(({ name, text }) => headOf(wantedTexts.get(name)) !== headOf(text));
  // Functions hold on to the types that they speak.
  const drop = headChanged.some(({ text }) => kindOf(text) === "type") ? stored : headChanged;
  const dropped = new Set(drop.map(({ name }) => name));
  return {
    drop: drop.toSorted((a, b) => rank(a) - rank(b)),
    create: wanted
      .filter(({ name, text }) => dropped.has(name) || storedTexts.get(name) !== text)
      .filter(
        (routine) => kindOf(routine.text) === "function" || dropped.has(routine.name) || !storedTexts.has(routine.name),
      )
      .toSorted((a, b) => rank(b) - rank(a)),
    forget: stored.filter(({ name }) => !wantedTexts.has(name)).map(({ name }) => name),
  };
}

async function readStored(on: Pick<Connection, "run">, schema: string): Promise<StoredRoutine[]> {
  const rows = await on.run(`select name, text from ${tableOf(schema)} order by name`, []);
  return rows.map(({ name, text }) => ({ name: String(name), text: String(text) }));
}

function tableOf(schema: string): string {
  return `${quoteIdentifier(schema)}.__functions`;
}

function kindOf(text: string): "function" | "type" {
  return HEAD.exec(text)?.groups?.type ? "type" : "function";
}

function rank({ text }: StoredRoutine): number {
  return kindOf(text) === "function" ? 0 : 1;
}

/** All but the comment above and the body: what cannot be replaced in place. Of a type, everything. */
function headOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [head] = text.slice(HEAD.exec(text)?.index ?? 0).split(/^as \$/m);
  return head;
}

const HEAD = /^create (?:or replace function|(?<type>type)) (?<name>\w+)/m;

interface Changes {
  readonly drop: readonly StoredRoutine[];
  readonly create: readonly StoredRoutine[];
  /** Names that are no longer wanted. */
  readonly forget: readonly string[];
}
