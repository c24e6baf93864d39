import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { ifPresent } from "../settings/if-present.ts";
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
  const files = (await ifPresent(readdir(folder))) ?? [];
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
  const { drop, create } = changesOf(await readStored(connection, schema), wanted);
  return drop.length + create.length === 0;
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
  const { drop, create } = changesOf(await readStored(tx, schema), wanted);
  for (const routine of drop) {
    const kind = isType(routine) ? "type" : "function";
    await tx.run(`drop ${kind} if exists ${store}.${quoteIdentifier(routine.name)}`, []);
    await tx.run(`delete from ${table} where name = $1`, [routine.name]);
  }
  for (const { name, text } of create) {
    await tx.run(text, []);
    await tx.run(`insert into ${table} values ($1, $2) on conflict (name) do update set text = excluded.text`, [
      name,
      text,
    ]);
  }
}

/** What to drop, functions before types, and what to create, types before functions. */
export function changesOf(stored: readonly StoredRoutine[], wanted: readonly StoredRoutine[]) {
  const heads = new Map(wanted.map(({ name, text }) => [name, headOf(text)]));
  const outdated = stored.filter(({ name, text }) => heads.get(name) !== headOf(text));
  // Functions hold on to the types that they speak.
  const drop = outdated.some(isType) ? stored : outdated;
  const kept = new Map(stored.filter((routine) => !drop.includes(routine)).map(({ name, text }) => [name, text]));
  const create = wanted.filter((routine) =>
    isType(routine) ? !kept.has(routine.name) : kept.get(routine.name) !== routine.text,
  );
  return {
    drop: drop.toSorted((a, b) => Number(isType(a)) - Number(isType(b))),
    create: create.toSorted((a, b) => Number(isType(b)) - Number(isType(a))),
  };
}

async function readStored(on: Pick<Connection, "run">, schema: string): Promise<StoredRoutine[]> {
  const rows = await on.run(`select name, text from ${tableOf(schema)} order by name`, []);
  return rows.map(({ name, text }) => ({ name: String(name), text: String(text) }));
}

function tableOf(schema: string): string {
  return `${quoteIdentifier(schema)}.__functions`;
}

function isType({ text }: StoredRoutine): boolean {
  return HEAD.exec(text)?.groups?.type !== undefined;
}

/** All but the comment above and the body: what cannot be replaced in place. Of a type, everything. */
function headOf(text: string): string | undefined {
  return text.slice(HEAD.exec(text)?.index ?? 0).split(/^as \$/m)[0];
}

const HEAD = /^create (?:or replace function|(?<type>type)) (?<name>\w+)/m;
