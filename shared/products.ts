import { z } from "zod";
import { familyOfProductSchema } from "./families.ts";
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
  uuidSchema,
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
  /** Where it is one of several sizes or colours, with those of them that can be ordered. */
  family: familyOfProductSchema.extend({ productIds: z.array(idSchema) }).exactOptional(),
});
export type Product = z.infer<typeof productSchema>;

/** The same with what only staff sees. */
const staffProductSchema = productSchema.extend({
  /** Made for an item of a sale from a name alone: in no catalogue. */
  onlyInSales: z.boolean(),
  createdAt: z.string(),
});
export type StaffProduct = z.infer<typeof staffProductSchema>;

export const listProductsInputSchema = pageInputSchema
  .extend({
    /** Words, or beginnings of words, that the name or the description holds: in any order, whatever their case. */
    search: textSchema({ min: 0, max: 100 }).optional(),
    /** Only these, for a basket that asks what became of its products; those that cannot be ordered are left out. */
    productIds: z.array(idSchema).max(PRODUCT_IDS_MAX).readonly().optional(),
  })
  .prefault({});
export type ListProductsInput = z.infer<typeof listProductsInputSchema>;

export const PRODUCT_FILTERS = ["available", "withdrawn", "onlyInSales", "outOfStock"] as const;
export const PRODUCT_SORTS = ["name", "price", "units", "created"] as const;

/** Of all products, also those that are in no catalogue. */
export const listAllProductsInputSchema = pageInputSchema
  .extend({
    search: textSchema({ min: 0, max: 100 }).optional(),
    show: z.enum(PRODUCT_FILTERS).optional(),
    sort: z.enum(PRODUCT_SORTS).default("name"),
    descending: z.boolean().default(false),
  })
  .prefault({});
export type ListAllProductsInput = z.infer<typeof listAllProductsInputSchema>;

export const productIdInputSchema = z.strictObject({ productId: idSchema });

export const productPageInputSchema = pageInputSchema.extend({ productId: idSchema });
export type ProductPageInput = z.infer<typeof productPageInputSchema>;

/** Whoever did it; null for the shop itself. */
const actorSchema = z.object({ id: uuidSchema, name: z.string() }).nullable();

/** What happened to a product and its units, newest first. Orders and purchases are not in it. */
const productEventSchema = z.discriminatedUnion("kind", [
  /** Goods that came in. */
  z.object({
    kind: z.literal("received"),
    at: z.string(),
    actor: actorSchema,
    warehouseName: z.string(),
    units: z.int(),
    unitsAfter: z.int().nullable(),
    reason: z.string(),
  }),
  /** Units that went to an item of a sale, or back where `change` is negative. */
  z.object({
    kind: z.literal("adjusted"),
    at: z.string(),
    actor: actorSchema,
    saleId: idSchema,
    saleName: z.string(),
    warehouseName: z.string(),
    change: z.int(),
    reason: z.string(),
  }),
  /** What an operator changed: an entry of the audit log. */
  z.object({
    kind: z.literal("changed"),
    at: z.string(),
    actor: actorSchema,
    action: z.string(),
    details: z.record(z.string(), z.unknown()),
  }),
]);
export type ProductEvent = z.infer<typeof productEventSchema>;

export const createProductInputSchema = z.strictObject({
  name: nameSchema,
  description: descriptionSchema.default(""),
  imageUrl: imageUrlSchema.nullish(),
  priceCents: priceCentsSchema,
  available: z.boolean().default(true),
  idempotencyKey: idempotencyKeySchema.optional(),
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
  /** For the record. */
  reason: reasonSchema.optional(),
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
