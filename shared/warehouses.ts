import { z } from "zod";
import { editsSchema, idSchema, nameSchema, pageInputSchema } from "./primitives.ts";

/** A place where goods lie. */
const warehouseSchema = z.object({
  id: idSchema,
  name: z.string(),
  /** How many changes operators have made to it. */
  edits: z.int(),
  /** Products that it keeps, those of which it has none left too. */
  products: z.int(),
  /** Units that can be promised, of all of them. */
  units: z.int(),
});
export type Warehouse = z.infer<typeof warehouseSchema>;

export const listWarehousesInputSchema = pageInputSchema.prefault({});

export const createWarehouseInputSchema = z.strictObject({ name: nameSchema });
export type CreateWarehouseInput = z.infer<typeof createWarehouseInputSchema>;

export const renameWarehouseInputSchema = z.strictObject({
  warehouseId: idSchema,
  name: nameSchema,
  edits: editsSchema,
});
export type RenameWarehouseInput = z.infer<typeof renameWarehouseInputSchema>;
