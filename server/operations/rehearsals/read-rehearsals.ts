import { and, desc, eq, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { rehearsals, sales } from "../../../drizzle/schema/index.ts";
import { Fault } from "../../../shared/faults.ts";
import type { ListRehearsalsInput, Rehearsal, RehearsalWithReport } from "../../../shared/rehearsals.ts";
import type { Database } from "../../database/database.ts";
import { decodeCursor, encodeCursor, type Page, page } from "../../database/paging.ts";
import { isoTime, storedTimeSchema } from "../../database/times.ts";

/**
 * Rehearsals, newest first; of one sale on request.
 *
 * @throws Fault INVALID_INPUT for a cursor that is not one of this list
 */
export async function listRehearsals(database: Database, input: ListRehearsalsInput): Promise<Page<Rehearsal>> {
  const after = decodeCursor(input.cursor, cursorSchema);
  const rows = await read(
    database,
    and(
      input.saleId === undefined ? undefined : eq(rehearsals.saleId, input.saleId),
      after && sql`(${rehearsals.startedAt}, ${rehearsals.id}) < (${after[0]}::timestamptz, ${after[1]}::bigint)`,
    ),
    input.limit + 1,
  );
  const { items, nextCursor } = page(rows, input.limit, ({ startedAt, id }) => encodeCursor([startedAt, id]));
  return { items: items.map(rehearsalOf), nextCursor };
}

const cursorSchema = z.tuple([storedTimeSchema, z.int()]);

/** One with its report. @throws Fault NOT_FOUND */
export async function rehearsalById(database: Database, rehearsalId: number): Promise<RehearsalWithReport> {
  const [row] = await read(database, eq(rehearsals.id, rehearsalId), 1);
  if (!row) throw new Fault("NOT_FOUND", `There is no rehearsal with the id ${rehearsalId}.`);
  const [stored] = await database.db
    .select({ report: rehearsals.report })
    .from(rehearsals)
    .where(eq(rehearsals.id, rehearsalId));
  return { ...rehearsalOf(row), report: stored?.report ?? null };
}

function read({ db }: Database, where: SQL | undefined, limit: number) {
  return db
    .select(columns)
    .from(rehearsals)
    .innerJoin(sales, eq(sales.id, rehearsals.saleId))
    .where(where)
    .orderBy(desc(rehearsals.startedAt), desc(rehearsals.id))
    .limit(limit);
}

const { id, saleId, startedBy, state, crowd, measureCapacity, startedAt, endedAt, progress, wentWell, verdict } =
  rehearsals;
const columns = {
  ...{ id, saleId, startedBy, state, crowd, measureCapacity, startedAt, endedAt, progress, wentWell, verdict },
  saleName: sales.name,
};

function rehearsalOf(row: Rehearsal): Rehearsal {
  return { ...row, startedAt: isoTime(row.startedAt), endedAt: row.endedAt === null ? null : isoTime(row.endedAt) };
}
