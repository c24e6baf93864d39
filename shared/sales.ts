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
  readableSchema,
  reasonSchema,
  textSchema,
  timestampSchema,
} from "./primitives.ts";

export const SALE_STATUSES = ["scheduled", "live", "paused", "ended", "cancelled"] as const;
export type SaleStatus = (typeof SALE_STATUSES)[number];

export const STOCK_MAX = 10_000_000;
export const SALE_ITEMS_MAX = 200;

const stockSchema = z.int().min(0).max(STOCK_MAX);
const limitSchema = z.int().min(1).max(1_000_000);

const itemSchema = z.object({
  id: idSchema,
  productId: idSchema,
  name: z.string(),
  description: z.string(),
  imageUrl: z.string().nullable(),
  priceCents: z.int(),
  /** What the catalogue asks for the same product; absent where it does not offer it. */
  cataloguePriceCents: z.int().exactOptional(),
  /** Units given to this item in all. */
  allotted: z.int(),
  /** Units still for sale. */
  remaining: z.int(),
  /** Units that one buyer may hold; null means no limit. */
  limitPerCustomer: z.int().nullable(),
  /** Rises with every change of the item's stock. */
  version: z.int(),
  /** Where its product is one of several sizes or colours. */
  family: familyOfProductSchema.exactOptional(),
});
export type Item = z.infer<typeof itemSchema>;

/** A sale with its items in the order in which they were given. Times are ISO 8601 in UTC. */
const saleSchema = z.object({
  id: idSchema,
  name: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  status: z.enum(SALE_STATUSES),
  currency: z.string(),
  /** Units that one buyer may hold over all items of the sale; null means no limit. */
  limitPerCustomer: z.int().nullable(),
  /** Whether only those who have entered a code of it (`sales.enter`) may buy. */
  needsAccessCode: z.boolean(),
  /** Rises with every change of the sale or of the stock of one of its items. */
  version: z.int(),
  /** How many changes operators have made to it: those of its stock too, purchases not. */
  edits: z.int(),
  /** The database's time when this was read, for countdowns. */
  serverTime: z.string(),
  items: z.array(itemSchema),
});
export type Sale = z.infer<typeof saleSchema>;

export const listSalesInputSchema = pageInputSchema.extend({ status: z.enum(SALE_STATUSES).optional() }).prefault({});
export type ListSalesInput = z.infer<typeof listSalesInputSchema>;
export const saleIdInputSchema = z.strictObject({ saleId: idSchema });

/** Ten years: beyond any plan, and within reach of whoever mistyped a year. */
export const SALE_AHEAD_MS_MAX = 3_653 * 24 * 3_600_000;

export const SALE_SORTS = ["start", "name"] as const;

/** What staff see of sales: filters hold together. */
export const overviewInputSchema = pageInputSchema
  .extend({
    /** Words, or beginnings of words, that the name holds: in any order, whatever their case. */
    search: textSchema({ min: 0, max: 100 }).optional(),
    status: z.enum(SALE_STATUSES).optional(),
    sort: z.enum(SALE_SORTS).default("start"),
    /** Default: the latest start first, and names from A to Z. */
    descending: z.boolean().optional(),
  })
  .prefault({});
export type OverviewInput = z.infer<typeof overviewInputSchema>;

/** A sale as one row among many. */
const saleOverviewSchema = saleSchema
  .pick({ id: true, name: true, startsAt: true, endsAt: true, status: true, edits: true, serverTime: true })
  .extend({
    itemCount: z.int(),
    /** Units that it has or had for sale: what was left when it was over is counted, as is what was sold. */
    offered: z.int(),
    /** Units that were sold and have not come back. */
    sold: z.int(),
  });
export type SaleOverview = z.infer<typeof saleOverviewSchema>;

/** What staff see of an item besides what everybody does. */
const itemDetailsSchema = itemSchema.extend({
  warehouseId: idSchema,
  warehouseName: z.string(),
  /** Units of the product that this warehouse could give it. */
  there: z.int(),
  /** What is missing in the warehouse is received when a sale wants it. */
  onlyInSales: z.boolean(),
  /** Units that it has or had for sale: what was left when the sale was over is counted. */
  offered: z.int(),
  /** Units that were sold and have not come back. */
  sold: z.int(),
  /** How many purchases there were, those that were refunded too. */
  purchases: z.int(),
  refunds: z.int(),
  /** What was paid, without what went back. */
  takenCents: z.int(),
});
export type ItemDetails = z.infer<typeof itemDetailsSchema>;

const saleDetailsSchema = saleSchema.extend({
  items: z.array(itemDetailsSchema),
  createdAt: z.string(),
  /** Open pages that watch it through the process that answers, one of as many as there are starts. */
  viewers: z.int(),
  /** Requests to buy that wait to be decided by the same process. */
  waiting: z.int(),
  /** The latest change by an operator; null where nobody has changed it since it was made. */
  lastChange: z.object({ at: z.string(), by: z.string(), action: z.string() }).nullable(),
});
export type SaleDetails = z.infer<typeof saleDetailsSchema>;

/** In which sales a product is, newest start first. Times are ISO 8601 in UTC. */
const saleOfProductSchema = z.object({
  saleId: idSchema,
  saleName: z.string(),
  status: z.enum(SALE_STATUSES),
  startsAt: z.string(),
  endsAt: z.string(),
  itemId: idSchema,
  itemName: z.string(),
  priceCents: z.int(),
  allotted: z.int(),
  remaining: z.int(),
});
export type SaleOfProduct = z.infer<typeof saleOfProductSchema>;

/** What every change of a sale takes besides what is to change. */
const editing = { edits: editsSchema, reason: reasonSchema.optional() };

/** To pause, resume or cancel a sale. */
export const changeSaleInputSchema = z.strictObject({ saleId: idSchema, ...editing });
export type ChangeSaleInput = z.infer<typeof changeSaleInputSchema>;

const createItemSchema = z
  .strictObject({
    productId: idSchema.optional(),
    /** Whose inventory the units are taken from, and go back to. Default: the first warehouse. */
    warehouseId: idSchema.optional(),
    name: nameSchema.optional(),
    description: descriptionSchema.optional(),
    imageUrl: imageUrlSchema.nullish(),
    priceCents: priceCentsSchema,
    stock: stockSchema,
    limitPerCustomer: limitSchema.nullish(),
  })
  .refine((item) => item.productId !== undefined || item.name !== undefined, {
    message: "An item needs a name or a productId",
    path: ["name"],
  });

export const createSaleInputSchema = z
  .strictObject({
    name: nameSchema,
    startsAt: timestampSchema,
    endsAt: timestampSchema,
    /** Over all items, besides what each of them says. */
    limitPerCustomer: limitSchema.nullish(),
    needsAccessCode: z.boolean().optional(),
    items: z.array(createItemSchema).min(1).max(SALE_ITEMS_MAX),
    idempotencyKey: idempotencyKeySchema.optional(),
  })
  .refine((sale) => Date.parse(sale.endsAt) > Date.parse(sale.startsAt), {
    message: "A sale ends after it starts",
    path: ["endsAt"],
  });
export type CreateSaleInput = z.infer<typeof createSaleInputSchema>;

/** An item in the order of a sale: one that it has, or one of those that the same update adds, by its index among them. */
const placeSchema = z
  .strictObject({ itemId: idSchema.exactOptional(), added: z.int().min(0).exactOptional() })
  .refine(({ itemId, added }) => (itemId === undefined) !== (added === undefined), {
    message: "A place names an itemId, or the index of an added item",
  });
export type ItemPlace = z.infer<typeof placeSchema>;

/** What is left out stays as it is. Which parts may change depends on the sale's status; see `docs/sales.md`. */
export const updateSaleInputSchema = z.strictObject({
  saleId: idSchema,
  name: nameSchema.optional(),
  startsAt: timestampSchema.optional(),
  endsAt: timestampSchema.optional(),
  limitPerCustomer: limitSchema.nullish(),
  needsAccessCode: z.boolean().optional(),
  /** Stand behind the others, unless `order` says where. */
  addItems: z.array(createItemSchema).max(SALE_ITEMS_MAX).optional(),
  removeItemIds: z.array(idSchema).max(SALE_ITEMS_MAX).optional(),
  /** All items that the sale has then, each once. */
  order: z.array(placeSchema).max(SALE_ITEMS_MAX).optional(),
  items: z
    .array(
      z.strictObject({
        itemId: idSchema,
        name: nameSchema.optional(),
        description: descriptionSchema.optional(),
        imageUrl: imageUrlSchema.nullish(),
        priceCents: priceCentsSchema.optional(),
        /** Units in all. Once the sale sells, `sales.adjustStock` says how many more or fewer. */
        stock: stockSchema.optional(),
        limitPerCustomer: limitSchema.nullish(),
      }),
    )
    .max(SALE_ITEMS_MAX)
    .optional(),
  ...editing,
});
export type UpdateSaleInput = z.infer<typeof updateSaleInputSchema>;

export const adjustStockInputSchema = z.strictObject({
  itemId: idSchema,
  /** Units to add (positive) or to withdraw (negative). */
  change: z
    .int()
    .min(-STOCK_MAX)
    .max(STOCK_MAX)
    .refine((change) => change !== 0, "A change of zero changes nothing"),
  reason: readableSchema({ min: 1, max: 200 }),
  /** Of the item's sale. */
  edits: editsSchema,
  idempotencyKey: idempotencyKeySchema,
});
export type AdjustStockInput = z.infer<typeof adjustStockInputSchema>;

const adjustStockResultSchema = z.object({
  itemId: idSchema,
  change: z.int(),
  allotted: z.int(),
  remaining: z.int(),
  replayed: z.boolean(),
});
export type AdjustStockResult = z.infer<typeof adjustStockResultSchema>;

/** One update of `sales.watch`: the whole public state of a sale. Versions only rise. */
export const saleUpdateSchema = z.object({
  saleId: idSchema,
  version: z.int(),
  status: z.enum(SALE_STATUSES),
  serverTime: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  items: z.array(z.object({ id: idSchema, remaining: z.int(), version: z.int() })),
});
export type SaleUpdate = z.infer<typeof saleUpdateSchema>;
