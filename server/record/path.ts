import { and, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { credits, items, orderItems, orders, purchaseAttempts, sales, tasks } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import { CURRENCY, formatMoney } from "../../shared/money.ts";
import type { OrderRecord } from "../../shared/orders.ts";
import { uuidSchema } from "../../shared/primitives.ts";
import type { AttemptRecord, KeyPath, PathInput } from "../../shared/record.ts";
import type { TaskWithLog } from "../../shared/tasks.ts";
import type { InventoryUpdate } from "../../shared/warehouse.ts";
import { listAudit } from "../audit/list.ts";
import type { Database } from "../database/database.ts";
import type { Databases } from "../database/databases.ts";
import { isoTime } from "../database/times.ts";
import { readOrderRecords } from "../orders/read-orders.ts";
import { keysMeant } from "../purchases/list.ts";
import { taskById } from "../tasks/by-id.ts";
import { userById } from "../users/by-id.ts";
import type { WarehouseClient } from "../warehouse/client/warehouse-client.ts";
import { isUnavailable } from "../warehouse/or-unavailable.ts";
import { listAttempts, readAttempts } from "./attempts.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";

/**
 * What became of one key: who asked and when, what was decided and said, what was charged, the task, what the warehouse took,
 * what came back, and what else the buyer asked for near that time. Answers "I was charged twice".
 *
 * @throws Fault NOT_FOUND when nothing was ever decided under that name
 */
export async function keyPath(services: PathServices, input: PathInput): Promise<KeyPath> {
  const { operatorReads: database } = services;
  const subject = await findSubject(database, input);
  const { attempt, order, userId, at } = subject;
  const reference = attempt ? attempt.attemptId : `order-${order.orderId}`;
  const isPaid = order !== null || attempt.outcome === "bought";
  const [user, saleCancelledAt, refund, task, warehouse, changes, others] = await Promise.all([
    userById(database.db, userId),
    attempt && readCancelled(database, attempt.saleId),
    isPaid ? findRefund(database, subject) : null,
    isPaid ? findTask(database, reference) : null,
    isPaid ? askWarehouse(services.warehouse, reference) : [],
    readChanges(database, attempt ? `purchase:${reference}` : `order:${order.orderId}`, reference),
    readOthers(database, subject),
  ]);
  return {
    user: { id: user.id, name: user.name, email: user.email, active: user.active },
    attempt,
    order,
    saleCancelledAt,
    requestedAt: attempt && timeOfId(attempt.attemptId),
    charge: isPaid ? await readCharge(database, subject, at) : null,
    refund,
    task,
    warehouse,
    changes,
    others,
  };
}

export interface PathServices extends Pick<Databases, "operatorReads"> {
  readonly warehouse: WarehouseClient | undefined;
}

type Subject = { readonly userId: string; readonly at: string } & (
  | { readonly attempt: AttemptRecord; readonly order: null }
  | { readonly attempt: null; readonly order: OrderRecord }
);

async function findSubject(database: Database, input: PathInput): Promise<Subject> {
  if ("taskId" in input) return findSubject(database, await subjectOfTask(database, input.taskId));
  const isAttempt =
    "userId" in input
      ? and(eq(purchaseAttempts.userId, input.userId), isCalled(input))
      : "purchaseId" in input && eq(purchaseAttempts.id, input.purchaseId);
  const [attempt] = isAttempt ? await readAttempts(database, isAttempt) : [];
  if (attempt) return { attempt, order: null, userId: attempt.userId, at: attempt.decidedAt };
  const isOrder =
    "userId" in input
      ? and(eq(orders.customerId, input.userId), eq(orders.requestId, input.idempotencyKey))
      : "orderId" in input && eq(orders.id, input.orderId);
  const [order] = isOrder ? await readOrderRecords(database.db, { where: isOrder, limit: 1 }) : [];
  if (order) return { attempt: null, order, userId: order.customerId, at: order.placedAt };
  throw new Fault("NOT_FOUND", "userId" in input ? await whyNothing(database, input) : nothingFound(input));
}

/** A key; or the id of a purchase, which whoever looks through one person's purchases has at hand as well. */
function isCalled(input: OwnKey): SQL | undefined {
  const { data: id } = uuidSchema.safeParse(input.idempotencyKey);
  return or(
    inArray(purchaseAttempts.idempotencyKey, keysMeant(input)),
    id === undefined ? undefined : eq(purchaseAttempts.id, id),
  );
}

/** Money that came in under a key was not charged, and is not nothing either. */
async function whyNothing({ db }: Database, { userId, idempotencyKey }: OwnKey): Promise<string> {
  const [credit] = await db
    .select({ kind: credits.kind, amountCents: credits.amountCents, at: credits.creditedAt })
    .from(credits)
    .where(and(or(eq(credits.actorId, userId), eq(credits.userId, userId)), eq(credits.idempotencyKey, idempotencyKey)))
    .limit(1);
  if (!credit) return NOTHING_OF_PERSON;
  const [what, at] = [
    credit.kind === "top_up" ? "A top-up" : "A credit",
    isoTime(credit.at).replace(/T(.{5}).*/, ", $1 UTC"),
  ];
  return `${what} of ${formatMoney(credit.amountCents, CURRENCY, "en-IE")} came in under this key on ${at}. Nothing was bought under it, so nothing was charged for it.`;
}

type OwnKey = Extract<PathInput, { userId: string }>;

const NOTHING_OF_PERSON =
  "Nothing was ever decided for this person under this key, so nothing was charged for it. Another person's key is theirs alone.";

/** A key is unique by person, and has no index of its own: without its person it looks like the id of a purchase or of a task. */
function nothingFound(input: Exclude<PathInput, OwnKey>): string {
  if ("orderId" in input) return `There is no order ${input.orderId}.`;
  const what = "purchaseId" in input ? "No purchase and no refused attempt has this id." : "No task has this id.";
  return `${what} If it is a key, choose its person: several persons may have the same key.`;
}

async function subjectOfTask({ db }: Database, taskId: string): Promise<PathInput> {
  const [task] = await db.select({ payload: tasks.payload }).from(tasks).where(eq(tasks.taskId, taskId));
  const { purchaseId, orderId } = dispatchedSchema.safeParse(task?.payload).data ?? {};
  if (purchaseId !== undefined) return { purchaseId };
  if (orderId !== undefined) return { orderId };
  throw new Fault(
    "NOT_FOUND",
    task ? "This task dispatches neither a purchase nor an order." : nothingFound({ taskId }),
  );
}

const dispatchedSchema = z.looseObject({ purchaseId: uuidSchema.optional(), orderId: z.int().optional() });

async function readCancelled({ db }: Database, saleId: number): Promise<string | null> {
  const [sale] = await db.select({ cancelledAt: sales.cancelledAt }).from(sales).where(eq(sales.id, saleId));
  return sale?.cancelledAt ? isoTime(sale.cancelledAt) : null;
}

/** When the request came: the id is made then. */
function timeOfId(id: string): string {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toISOString();
}

async function readCharge({ db }: Database, { attempt, order }: Subject, at: string): Promise<KeyPath["charge"]> {
  const charged = (amountCents: number, balanceAfterCents: number) => ({
    at,
    amountCents,
    balanceBeforeCents: balanceAfterCents + amountCents,
    balanceAfterCents,
  });
  if (attempt) return charged(attempt.amountCents ?? 0, attempt.balanceCents ?? 0);
  // An order that was given back shows the balance right after that.
  const [paid] = await db
    .select({ balanceCents: sql<number>`${orders.balanceAfterCents}` })
    .from(orders)
    .where(eq(orders.id, order.orderId));
  return charged(order.amountCents, paid?.balanceCents ?? 0);
}

async function findRefund(database: Database, { attempt, order, userId, at }: Subject): Promise<KeyPath["refund"]> {
  const { items: found } = await listRefunds(database, { userId, from: at, limit: NEAR_MAX });
  const isOfSubject = ({ purchaseId, orderId }: (typeof found)[number]) =>
    attempt ? purchaseId === attempt.attemptId : orderId === order.orderId;
  return found.find(isOfSubject) ?? null;
}

async function findTask(database: Database, taskId: string): Promise<TaskWithLog | null> {
  try {
    return await taskById(database, taskId);
  } catch (error) {
    if (error instanceof Fault && error.code === "NOT_FOUND") return null;
    throw error;
  }
}

async function askWarehouse(client: WarehouseClient | undefined, reference: string): Promise<InventoryUpdate[] | null> {
  if (!client) return null;
  try {
    return (await client.updates({ reference, limit: 100 }, { once: true })).items;
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}

async function readChanges(database: Database, subject: string, taskId: string): Promise<KeyPath["changes"]> {
  const pages = await Promise.all(
    [subject, `task:${taskId}`].map((each) => listAudit(database, { subject: each, limit: NEAR_MAX })),
  );
  return pages.flatMap((page) => page.items).sort((a, b) => (a.occurredAt < b.occurredAt ? 1 : -1));
}

async function readOthers(database: Database, { attempt, order, userId, at }: Subject): Promise<KeyPath["others"]> {
  const [from, to] = [-NEAR_MS, NEAR_MS].map((ms) => new Date(Date.parse(at) + ms).toISOString());
  const [attempts, near, products] = await Promise.all([
    listAttempts(database, { userId, from, to, limit: NEAR_MAX }),
    listRecordedOrders(database, { userId, from, to, limit: NEAR_MAX }),
    productsOf(database, { attempt, order }),
  ]);
  const [ofItems, ofOrders] = await Promise.all([
    database.db.select({ id: items.id }).from(items).where(inArray(items.productId, products)),
    database.db
      .selectDistinct({ id: orderItems.orderId })
      .from(orderItems)
      .where(
        and(
          sql`${orderItems.orderId} = any(${sql.param(near.items.map(({ orderId }) => orderId))}::bigint[])`,
          inArray(orderItems.productId, products),
        ),
      ),
  ]);
  const itemIds = new Set(ofItems.map(({ id }) => id));
  const orderIds = new Set(ofOrders.map(({ id }) => id));
  return {
    attempts: attempts.items.filter((each) => itemIds.has(each.itemId) && each.attemptId !== attempt?.attemptId),
    orders: near.items.filter((each) => orderIds.has(each.orderId) && each.orderId !== order?.orderId),
  };
}

async function productsOf({ db }: Database, { attempt, order }: Pick<Subject, "attempt" | "order">): Promise<number[]> {
  if (order) return order.lines.map(({ productId }) => productId);
  const itemId = attempt?.itemId ?? 0;
  const found = await db.select({ productId: items.productId }).from(items).where(eq(items.id, itemId));
  return found.map(({ productId }) => productId);
}

/** A day: whoever complains speaks of the same sale. */
const NEAR_MS = 24 * 3_600_000;

/** More than anybody does in two days. */
const NEAR_MAX = 1_000;
