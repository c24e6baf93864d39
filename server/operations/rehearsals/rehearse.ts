import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { rehearsals } from "../../../drizzle/schema/index.ts";
import { Fault } from "../../../shared/faults.ts";
import type { RehearseInput } from "../../../shared/rehearsals.ts";
import { recordAudit } from "../../audit/record.ts";
import type { Tx } from "../../database/database.ts";
import { SQL_STATE, sqlStateOf } from "../../database/sqlstate.ts";
import { saleById } from "../../sales/by-id.ts";
import type { OperationsServices } from "../services.ts";
import { LEASE_MS } from "./keep-lease.ts";
import { refuseBesideSales } from "./refuse-beside-sales.ts";

/**
 * Begins a rehearsal of a sale, which goes on in the background, in a store of its own. One at a time in a shop, however many
 * starts it has.
 *
 * @throws Fault NOT_FOUND; INVALID_INPUT for a sale without units; NOT_ALLOWED_NOW while another one runs, or a real sale is
 *   live or near and that was not said to be meant
 */
export async function rehearse(
  { database, rehearsals: runner }: Pick<OperationsServices, "database" | "rehearsals">,
  actorId: string,
  input: RehearseInput,
): Promise<{ rehearsalId: number }> {
  try {
    const rehearsalId = await database.withTransaction(
      (tx) => insertRehearsal(tx, { actorId, input, schema: runner.schema }),
      {
        name: "operations.rehearse",
      },
    );
    runner.begin(rehearsalId);
    return { rehearsalId };
  } catch (error) {
    if (sqlStateOf(error) !== SQL_STATE.uniqueViolation) throw error;
    throw new Fault("NOT_ALLOWED_NOW", "Another rehearsal is under way: wait for its end, or stop it.", {
      cause: error,
    });
  }
}

async function insertRehearsal(tx: Tx, { actorId, input, schema }: Begun): Promise<number> {
  const sale = await saleById(tx, input.saleId);
  const unitsAllotted = sale.items.reduce((sum, { allotted }) => sum + allotted, 0);
  if (unitsAllotted === 0) throw new Fault("INVALID_INPUT", "saleId: this sale has no units to be rehearsed with.");
  if (!input.besideRealSales) await refuseBesideSales(tx);
  const [row] = await tx
    .insert(rehearsals)
    .values({
      ...input,
      startedBy: actorId,
      progress: { share: 0, arrived: 0, answers: 0, unitsSold: 0, unitsAllotted },
      store: storeName(schema),
      startedAt: sql`statement_timestamp()` as never,
      leaseUntil: sql`statement_timestamp() + ${LEASE_MS} * interval '1 millisecond'` as never,
    })
    .returning({ id: rehearsals.id });
  if (!row) throw new Error("the database answered no id for a new rehearsal");
  const { saleId, ...details } = input;
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "operations.rehearse",
    subject: `rehearsal:${row.id}`,
    details: { saleId, ...details },
  });
  return row.id;
}

/** Nobody else's, and short enough for an identifier. */
function storeName(schema: string): string {
  return `${schema.slice(0, SCHEMA_LENGTH_KEPT)}_rehearsal_${randomBytes(6).toString("hex")}`;
}

/** PostgreSQL's names have 63 bytes. */
const SCHEMA_LENGTH_KEPT = 63 - "_rehearsal_".length - 12;

interface Begun {
  readonly actorId: string;
  readonly input: RehearseInput;
  readonly schema: string;
}
