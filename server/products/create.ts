import { and, eq } from "drizzle-orm";
import { products } from "../../drizzle/schema/index.ts";
import { Fault } from "../../shared/faults.ts";
import { CURRENCY } from "../../shared/money.ts";
import type { CreateProductInput, Product } from "../../shared/products.ts";
import { recordAudit } from "../audit/record.ts";
import type { Database, Tx } from "../database/database.ts";
import { fingerprintOf } from "../database/fingerprint.ts";
import { retryOnConflict } from "../database/retry-on-conflict.ts";
import { productById } from "./by-id.ts";

/**
 * Puts a product into the catalogue. No warehouse keeps it until goods are received.
 *
 * Idempotent per (operator, key) where a key is given: the same key with the same input answers the product as it stands by
 * then.
 *
 * @throws Fault KEY_REUSED
 */
export async function createProduct(database: Database, actorId: string, input: CreateProductInput): Promise<Product> {
  // Nothing but the unique index orders two requests with one key.
  return retryOnConflict(() =>
    database.withTransaction(async (tx) => (await findByKey(tx, actorId, input)) ?? insertProduct(tx, actorId, input), {
      name: "products.create",
    }),
  );
}

async function findByKey(
  tx: Tx,
  actorId: string,
  { idempotencyKey, ...asked }: CreateProductInput,
): Promise<Product | undefined> {
  if (idempotencyKey === undefined) return undefined;
  const [earlier] = await tx
    .select({ id: products.id, name: products.name, fingerprint: products.fingerprint })
    .from(products)
    .where(and(eq(products.actorId, actorId), eq(products.idempotencyKey, idempotencyKey)));
  if (!earlier) return undefined;
  if (earlier.fingerprint === fingerprintOf(asked)) return productById(tx, earlier.id);
  throw new Fault(
    "KEY_REUSED",
    `"${earlier.name}" (product ${earlier.id}) was made under this key, as something else. Change that product, or begin anew.`,
  );
}

async function insertProduct(
  tx: Tx,
  actorId: string,
  { idempotencyKey, ...input }: CreateProductInput,
): Promise<Product> {
  const values = { ...input, imageUrl: input.imageUrl ?? null };
  const [made] = await tx
    .insert(products)
    .values({
      ...values,
      currency: CURRENCY,
      ...(idempotencyKey !== undefined && { actorId, idempotencyKey, fingerprint: fingerprintOf(input) }),
    })
    .returning({ id: products.id });
  if (!made) throw new Error("the database answered no id for a new product");
  await recordAudit(tx, {
    actorKind: "person",
    actorId,
    action: "products.create",
    subject: `product:${made.id}`,
    details: values,
  });
  return productById(tx, made.id);
}
