import { and, eq } from "drizzle-orm";
import { sales } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import { CURRENCY } from "../../shared/money.ts";
import type { CreateSaleInput, Sale } from "../../shared/sales.ts";
import { recordAudit } from "../audit/record.ts";
import { readClock } from "../database/clock.ts";
import type { Tx } from "../database/database.ts";
import { fingerprintOf } from "../database/fingerprint.ts";
import { retryOnConflict } from "../database/retry-on-conflict.ts";
import { isoTime } from "../database/times.ts";
import { addItems } from "./add-items.ts";
import { saleById } from "./by-id.ts";
import type { SaleServices } from "./change-sale.ts";
import { checkWindow } from "./check-window.ts";
import { makeOffers } from "./make-offers.ts";
import { returnDueLeftovers } from "./return-due-leftovers.ts";

/**
 * Plans a sale with its items, in one transaction. Their units are taken out of the inventory, all of them or none; what
 * is missing of a product that exists for sales alone, as one that is made here, is received first. A sale whose start has
 * passed sells at once.
 *
 * Idempotent per (operator, key) where a key is given: the same key with the same input answers the sale as it stands by then.
 *
 * @returns the sale with its items in the order given
 * @throws Fault KEY_REUSED; NOT_FOUND for an unknown product or warehouse; INSUFFICIENT_STOCK; INVALID_INPUT for a window
 *   of time that cannot be
 */
export async function createSale(services: SaleServices, actorId: string, input: CreateSaleInput): Promise<Sale> {
  // The units may be those that an earlier sale, just over, has left.
  if (input.items.some((item) => item.productId !== undefined)) await returnDueLeftovers(services);
  // Nothing but the unique index orders two requests with one key.
  const sale = await retryOnConflict(() =>
    services.database.withTransaction(
      async (tx) => (await findByKey(tx, actorId, input)) ?? insertSale(tx, actorId, input),
      { name: "sales.create" },
    ),
  );
  services.liveSales.changed(sale.id);
  return sale;
}

async function findByKey(
  tx: Tx,
  actorId: string,
  { idempotencyKey, ...asked }: CreateSaleInput,
): Promise<Sale | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const [earlier] = await tx
    .select({ id: sales.id, name: sales.name, fingerprint: sales.fingerprint })
    .from(sales)
    .where(and(eq(sales.actorId, actorId), eq(sales.idempotencyKey, idempotencyKey)));
  if (!earlier) return undefined;
  if (earlier.fingerprint === fingerprintOf(asked)) return saleById(tx, earlier.id);
  throw new Fault(
    "KEY_REUSED",
    `"${earlier.name}" (sale ${earlier.id}) was planned under this key, with something else in it. Change that sale, or begin anew.`,
  );
}

/**
 * The same inside a transaction, whether its key was used or not.
 *
 * @param actorId null when the system itself makes the sale
 */
export async function insertSale(tx: Tx, actorId: string | null, input: CreateSaleInput): Promise<Sale> {
  const { now } = await readClock(tx);
  const offers = await makeOffers(tx, input.items, "items");
  const saleId = await insertSaleRow(tx, actorId, input);
  await addItems(
    tx,
    offers.map((offer, ordinal) => ({ ...offer, ordinal })),
    { saleId, actorId, now },
  );
  // Whoever wants the same units may have kept this waiting until the sale was over, and it could not even be cancelled.
  const { nowMs } = await readClock(tx);
  checkWindow({ startsAtMs: Date.parse(input.startsAt), endsAtMs: Date.parse(input.endsAt) }, nowMs);
  const sale = await saleById(tx, saleId);
  const { name, startsAt, endsAt, limitPerCustomer, needsAccessCode, items } = sale;
  await recordAudit(tx, {
    ...(actorId === null ? { actorKind: "system", actorId } : { actorKind: "person", actorId }),
    action: "sales.create",
    subject: `sale:${saleId}`,
    details: { after: { name, startsAt, endsAt, limitPerCustomer, needsAccessCode, items } },
  });
  return sale;
}

async function insertSaleRow(
  tx: Tx,
  actorId: string | null,
  { idempotencyKey, ...input }: CreateSaleInput,
): Promise<number> {
  const [row] = await tx
    .insert(sales)
    .values({
      name: input.name,
      startsAt: isoTime(Date.parse(input.startsAt)),
      endsAt: isoTime(Date.parse(input.endsAt)),
      currency: CURRENCY,
      limitPerCustomer: input.limitPerCustomer ?? null,
      needsAccessCode: input.needsAccessCode ?? false,
      ...(idempotencyKey !== undefined && { actorId, idempotencyKey, fingerprint: fingerprintOf(input) }),
    })
    .returning({ id: sales.id });
  if (!row) throw new Error("the database answered no id for a new sale");
  return row.id;
}
