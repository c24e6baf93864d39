import { sql } from "drizzle-orm";
import type { ChainFinding } from "../../shared/chain.ts";
import type { Database } from "../database/database.ts";
import type { Member } from "./members.ts";
import type { Source } from "./sources.ts";

/**
 * What became of a row that is not as it was sealed.
 *
 * @param options.was what the set has in this place, where that is not there or not the same
 * @param options.found what stands here now, and should not
 */
export async function explainRow(
  database: Pick<Database, "db">,
  source: Source,
  { was, found, set }: { was?: Member | undefined; found?: Member; set: { chain: string; number: number | null } },
): Promise<ChainFinding> {
  const { chain, number } = set;
  if (found) {
    const home = await setOf(database, source, found);
    const kind = home ? "changed" : "inserted";
    return finding(source, kind, { ...(home ?? set), id: found.id });
  }
  if (!was) throw new Error(`nothing differs in set ${number} of ${chain}`);
  const kind = (await isThere(database, source, was)) ? "changed" : "removed";
  return finding(source, kind, { ...set, id: was.id });
}

/** What to say of a row that is dated as none can be. */
export async function explainDate(
  database: Pick<Database, "db">,
  source: Source,
  { chain, id, at }: { chain: string; id: string; at: string | null },
): Promise<ChainFinding> {
  const home = await setOf(database, source, { id });
  if (home) return finding(source, "changed", { ...home, id });
  const message = `The row ${idOf(id)} of ${source.name} is dated ${at}, when nothing can have been recorded: it was inserted or dated by hand, and is in no set.`;
  return { kind: "unsealed", chain, number: null, id: idOf(id), message };
}

/** A set that is not what it was. */
export function setFinding(
  { chain, number: own }: { chain: string; number: number },
  what: string,
  number = own,
): ChainFinding {
  return { kind: "set", chain, number, id: null, message: `Set ${number} of ${chain} ${what}.` };
}

function finding(
  { name }: Source,
  kind: "changed" | "removed" | "inserted",
  { chain, number, id: hex }: { chain: string; number: number | null; id: string },
): ChainFinding {
  const id = idOf(hex);
  const row = `The row ${id} of ${name}`;
  const message = {
    changed: `${row} was changed after it was sealed in set ${number} of ${chain}.`,
    removed: `${row} was removed after it was sealed in set ${number} of ${chain}.`,
    inserted: `${row} is in no set of ${chain}, though all of its time are sealed: it was inserted later, or its set was removed.`,
  }[kind];
  return { kind, chain, number: kind === "inserted" ? null : number, id, message };
}

/** As the table has it: what is no UUID was a number, which may be negative where somebody made it. */
function idOf(hex: string): string {
  if (hex.startsWith("0000000000000000")) return String(BigInt.asIntN(64, BigInt(`0x${hex}`)));
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function isThere({ db }: Pick<Database, "db">, { name }: Source, { id }: Member): Promise<boolean> {
  const rows = await db.execute(sql`select from ${sql.identifier(name)} where id = ${idOf(id)}`);
  return rows.length > 0;
}

/** The set that has a row, wherever it is: looked for among all, for a row that is known to be wrong. */
async function setOf(
  { db }: Pick<Database, "db">,
  { name }: Source,
  { id }: Pick<Member, "id">,
): Promise<{ chain: string; number: number } | undefined> {
  const [row] = await db.execute<{ chain: string; number: number }>(sql`
    select chain, number from chain_sets where source = ${name} and position(${`\\x${id}`}::bytea in members) > 0 limit 1
  `);
  return row;
}
