import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import type { ChainFinding } from "../../shared/chain.ts";
import type { Database } from "../database/database.ts";
import { explainRow, setFinding } from "./explain-row.ts";
import { type Entry, entriesOf, membersOf } from "./members.ts";
import { within } from "./seal.ts";
import { digested, microseconds, type Source } from "./sources.ts";

/** Holds the rows of a stretch of time, which is all that one seal has sealed, against its sets. */
export async function verifyStretch(
  database: Pick<Database, "db">,
  source: Source,
  stretch: { from: string; until: string },
): Promise<{ finding: ChainFinding | undefined; rows: number; sets: number }> {
  const sets = await readSets(database, source, stretch.until);
  const entries = await readEntries(database, source, stretch);
  const counted = { rows: sets.reduce((sum, { count }) => sum + count, 0), sets: sets.length };
  for (const set of sets) {
    const now = entries.get(set.chain) ?? [];
    entries.delete(set.chain);
    const at = firstDifference(set, now);
    if (at) return { finding: await explainRow(database, source, { ...at, set }), ...counted };
    const finding = verifyHead(set, now);
    if (finding) return { finding, ...counted };
  }
  for (const [chain, [found]] of entries) {
    if (found)
      return { finding: await explainRow(database, source, { found, set: { chain, number: null } }), ...counted };
  }
  return { finding: undefined, ...counted };
}

interface SealedSet {
  readonly chain: string;
  readonly number: number;
  readonly count: number;
  /** As its head has it. */
  readonly until: string;
  readonly members: Buffer;
  readonly head: Buffer;
  /** The head of the set before it. */
  readonly previous: Buffer | null;
}

async function readSets({ db }: Pick<Database, "db">, { name }: Source, until: string): Promise<SealedSet[]> {
  return db.execute<SealedSet & Record<string, unknown>>(sql`
    select sets.chain, sets.number, sets.count, ${microseconds(sql`sets.until`)} as until, sets.members, sets.head,
      before.head as previous
    from chain_sets as sets
    left join chain_sets as before on before.chain = sets.chain and before.number = sets.number - 1
    where sets.source = ${name} and sets.until = ${until}
    order by sets.chain
  `);
}

async function readEntries(
  { db }: Pick<Database, "db">,
  source: Source,
  stretch: { from: string; until: string },
): Promise<Map<string, Entry[]>> {
  const rows = await db.execute<{ chain: string; rows: Buffer }>(sql`
    select chain, string_agg(uuid_send(id) || digest, ''::bytea order by at, id) as rows
    from (${digested(source, within(source, stretch))}) as digested
    group by chain
    order by chain
  `);
  return new Map(rows.map(({ chain, rows }) => [chain, entriesOf(rows)]));
}

/** A digest says when its row was decided, so rows that are the same are in the same order too. */
function firstDifference(set: SealedSet, now: readonly Entry[]) {
  const listed = membersOf(set.members);
  const shortNow = new Map(now.map(({ id, short }) => [id, short]));
  const ids = new Set(listed.map(({ id }) => id));
  const wasAt = listed.findIndex(({ id, short }) => shortNow.get(id) !== short);
  const foundAt = now.findIndex(({ id }) => !ids.has(id));
  const [was, found] = [listed[wasAt], now[foundAt]];
  if (found && (!was || foundAt < wasAt)) return { found };
  return was && { was };
}

function verifyHead(set: SealedSet, now: readonly Entry[]): ChainFinding | undefined {
  const { chain, number, until, count, head, previous } = set;
  if (previous === null && number > 1) return setFinding(set, `is not there: it was removed`, number - 1);
  const computed = createHash("sha256");
  computed.update(previous ?? Buffer.alloc(32));
  for (const text of [chain, number, until, count].map(String)) computed.update(`${Buffer.byteLength(text)}:${text},`);
  for (const { digest } of now) computed.update(digest);
  return computed.digest().equals(head) ? undefined : setFinding(set, "was changed: its rows have another head");
}
