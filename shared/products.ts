import { z } from "zod";
import {
  descriptionSchema,
  editsSchema,
  idempotencyKeySchema,
  idSchema,
  imageUrlSchema,
  nameSchema,
  pageInputSchema,
  priceCentsSchema,
  reasonSchema,
  textSchema,
} from "./primitives.ts";

/** Units that one delivery may bring. */
export const RECEIVED_UNITS_MAX = 10_000_000;

/** Products that a list may be asked for by their ids: a basket's. */
export const PRODUCT_IDS_MAX = 100;

/** What the catalogue shows of a product. Money in minor units. */
const productSchema = z.object({
  id: idSchema,
  name: z.string(),
  description: z.string(),
  imageUrl: z.string().nullable(),
  priceCents: z.int(),
  currency: z.string(),
  /** Whether orders may have it. */
  available: z.boolean(),
  /** How many changes operators have made to it. */
  edits: z.int(),
  /** Units that can be promised, in all warehouses. */
  units: z.int(),
  /** The same by warehouse; those that do not keep the product are absent. */
  stock: z.array(z.object({ warehouseId: idSchema, warehouseName: z.string(), units: z.int() })),
  /** Where a live sale has units of it for less: the item that costs least. Absent where none has. */
  onSale: z.object({ saleId: idSchema, itemId: idSchema, priceCents: z.int() }).exactOptional(),
});
export type Product = z.infer<typeof productSchema>;

export const listProductsInputSchema = pageInputSchema
  .extend({
    /** Words, or beginnings of words, that the name or the description holds: in any order, whatever their case. */
    search: textSchema({ min: 0, max: 100 }).optional(),
    /** Only these, for a basket that asks what became of its products; those that cannot be ordered are left out. */
    productIds: z.array(idSchema).max(PRODUCT_IDS_MAX).readonly().optional(),
  })
  .prefault({});
export type ListProductsInput = z.infer<typeof listProductsInputSchema>;

export const createProductInputSchema = z.strictObject({
  name: nameSchema,
  description: descriptionSchema.default(""),
  imageUrl: imageUrlSchema.nullish(),
  priceCents: priceCentsSchema,
  available: z.boolean().default(true),
});
export type CreateProductInput = z.infer<typeof createProductInputSchema>;

/** What is left out stays as it is. */
export const updateProductInputSchema = z.strictObject({
  productId: idSchema,
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
  imageUrl: imageUrlSchema.nullish(),
  priceCents: priceCentsSchema.optional(),
  available: z.boolean().optional(),
  edits: editsSchema,
});
export type UpdateProductInput = z.infer<typeof updateProductInputSchema>;

export const receiveInputSchema = z.strictObject({
  productId: idSchema,
  /** Default: the first warehouse. */
  warehouseId: idSchema.optional(),
  units: z.int().min(1).max(RECEIVED_UNITS_MAX),
  reason: reasonSchema.default("Goods in"),
  idempotencyKey: idempotencyKeySchema,
});
export type ReceiveInput = z.infer<typeof receiveInputSchema>;

/** Goods that came in. */
const receiptSchema = z.object({
  receiptId: z.guid(),
  productId: idSchema,
  warehouseId: idSchema,
  units: z.int(),
  /** Units of the product in that warehouse's inventory right after it. */
  unitsAfter: z.int(),
  /** True when this answer was stored by an earlier request with the same key. */
  replayed: z.boolean(),
});
export type Receipt = z.infer<typeof receiptSchema>;
