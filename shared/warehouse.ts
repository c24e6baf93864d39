import { z } from "zod";
import { idempotencyKeySchema, idSchema, pageInputSchema, textSchema } from "./primitives.ts";

/*
 * What shop and warehouse say to each other over HTTP, and what the shop's own procedures tell of the warehouse.
 */

/** Lines of one dispatch or one receipt. */
export const WAREHOUSE_LINES_MAX = 1_000;

/** Products, or references, that are answered about at a time. */
export const WAREHOUSE_PAGE_MAX = 1_000;

const unitsSchema = z.int().min(1).max(2_147_483_647);

/** `POST /inventory/dispatch`, with `Idempotency-Key`. A product may be in several lines. */
export const dispatchBodySchema = z.strictObject({
  reference: idempotencyKeySchema.describe("The purchase or the order, for example order-12"),
  lines: z
    .array(z.strictObject({ productId: idSchema, quantity: unitsSchema }))
    .min(1)
    .max(WAREHOUSE_LINES_MAX),
});
export type DispatchBody = z.infer<typeof dispatchBodySchema>;

/** Nothing is refused that the shop may have in its catalogue: only what no database could store. */
const storableTextSchema = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes("\0"), "Text holds characters that cannot be stored");

/**
 * `POST /inventory/receive`, with `Idempotency-Key`. A product that the warehouse does not know is made; one that it knows
 * takes over the name, the description and the price, except where they are empty or 0.
 */
export const receiveBodySchema = z.strictObject({
  reference: idempotencyKeySchema,
  lines: z
    .array(
      z.strictObject({
        productId: idSchema,
        quantity: unitsSchema,
        name: storableTextSchema.max(500),
        description: storableTextSchema.max(5_000).default(""),
        priceCents: z.int().min(0).default(0),
      }),
    )
    .min(1)
    .max(WAREHOUSE_LINES_MAX),
});
export type ReceiveBody = z.infer<typeof receiveBodySchema>;

/** Why the warehouse refuses for good. Answered with 409 (shortage), 404 (unknown product) and 422 (key reused). */
export const WAREHOUSE_REFUSALS = { SHORTAGE: 409, UNKNOWN_PRODUCT: 404, KEY_REUSED: 422 } as const;
export type WarehouseRefusalCode = keyof typeof WAREHOUSE_REFUSALS;

const stockChangeSchema = z.object({
  productId: idSchema,
  quantityChange: z.int(),
  previousStock: z.int(),
  newStock: z.int(),
});

/** An accepted dispatch or receipt; 200. Stored whole with its key, so a second try gets the same but for `replayed`. */
export const stockChangedSchema = z.object({
  outcome: z.literal("done"),
  reference: z.string(),
  updates: z.array(stockChangeSchema),
  replayed: z.boolean(),
});

/** A refusal is an answer and stored like one, save KEY_REUSED. */
export const warehouseRefusedSchema = z.object({
  outcome: z.literal("refused"),
  code: z.enum(["SHORTAGE", "UNKNOWN_PRODUCT", "KEY_REUSED"]),
  message: z.string(),
  /** The products that are short or unknown. */
  products: z.array(z.object({ productId: idSchema, requested: z.int(), available: z.int() })),
  replayed: z.boolean(),
});

export const warehouseAnswerSchema = z.discriminatedUnion("outcome", [stockChangedSchema, warehouseRefusedSchema]);
export type StockChanged = z.infer<typeof stockChangedSchema>;
export type WarehouseRefused = z.infer<typeof warehouseRefusedSchema>;
export type WarehouseAnswer = z.infer<typeof warehouseAnswerSchema>;

/** Something went wrong at the warehouse that is no decision: 400, 401, 5xx. */
export const warehouseProblemSchema = z.object({ code: z.string(), message: z.string(), requestId: z.string() });

export const stockInputSchema = pageInputSchema
  .extend({ search: textSchema({ min: 0, max: 200 }).optional() })
  .prefault({});
export type StockInput = z.infer<typeof stockInputSchema>;

/** `GET /inventory`, of which programs may take more at a time than a person looks at. */
export const stockQuerySchema = pageInputSchema
  .extend({ ...stockInputSchema.unwrap().shape, limit: z.int().min(1).max(WAREHOUSE_PAGE_MAX).default(20) })
  .prefault({});

/** A product as it lies in the warehouse: `GET /inventory` → `{ items, nextCursor }`. */
export const warehouseProductSchema = z.object({
  productId: idSchema,
  name: z.string(),
  description: z.string(),
  priceCents: z.int(),
  /** Units on hand. */
  stockQuantity: z.int(),
  updatedAt: z.string(),
});
export type WarehouseProduct = z.infer<typeof warehouseProductSchema>;

export const updatesInputSchema = pageInputSchema
  .extend({
    productId: idSchema.optional(),
    reference: idempotencyKeySchema.optional(),
    /** Only updates with a greater id, oldest first; without it the newest come first. */
    afterId: z.int().min(0).optional(),
  })
  .prefault({});
export type UpdatesInput = z.infer<typeof updatesInputSchema>;

/** One change of what is on hand, of one product: `GET /inventory/updates` → `{ items, nextCursor }`. */
export const inventoryUpdateSchema = stockChangeSchema.extend({
  id: idSchema,
  /** As it is called now. */
  productName: z.string(),
  reference: z.string(),
  idempotencyKey: z.string(),
  traceId: z.string().nullable(),
  updatedAt: z.string(),
});
export type InventoryUpdate = z.infer<typeof inventoryUpdateSchema>;

/** `POST /inventory/taken`: asks what happened under each of many references, and changes nothing. */
export const takenBodySchema = z.strictObject({
  references: z.array(idempotencyKeySchema).min(1).max(WAREHOUSE_PAGE_MAX),
});

/** What was taken from the stock of one product under one reference, in all. */
export const takenSchema = z.object({
  reference: z.string(),
  productId: idSchema,
  units: z.int(),
  /** In how many portions. */
  times: z.int(),
});
export type Taken = z.infer<typeof takenSchema>;

/** What `warehouse.stock` answers: on hand beside what the shop may still promise. */
export const stockSchema = warehouseProductSchema.extend({
  /** Units that the shop can still sell: inventory of all warehouses and what items of sales have left. */
  sellable: z.int(),
  /** On hand and neither sellable nor dispatched yet: sold and on the way. */
  awaitingDispatch: z.int(),
});
export type Stock = z.infer<typeof stockSchema>;

export const BREAKER_STATES = ["closed", "half-open", "open"] as const;
export type BreakerState = (typeof BREAKER_STATES)[number];

/** `warehouse.breaker`: the worst state of all processes that call the warehouse, each of them, and the latest changes. */
export const breakerSchema = z.object({
  state: z.enum(BREAKER_STATES),
  instances: z.array(
    z.object({
      instance: z.string().describe("The process and its host, for example worker@shop-1"),
      state: z.enum(BREAKER_STATES),
      since: z.string(),
      /** Present while it is open: when it lets a call through again. */
      halfOpenAt: z.string().nullable(),
    }),
  ),
  transitions: z.array(
    z.object({
      instance: z.string(),
      from: z.enum(BREAKER_STATES),
      to: z.enum(BREAKER_STATES),
      reason: z.string().nullable(),
      at: z.string(),
    }),
  ),
});
export type Breaker = z.infer<typeof breakerSchema>;
