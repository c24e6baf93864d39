import {
  createWarehouseInputSchema,
  listWarehousesInputSchema,
  renameWarehouseInputSchema,
} from "../../../shared/warehouses.ts";
import type { Databases } from "../../database/databases.ts";
import { operatorProcedure, router, staffProcedure } from "../../http/trpc.ts";
import { createWarehouse } from "./create.ts";
import { listWarehouses } from "./list.ts";
import { renameWarehouse } from "./rename.ts";

export const warehousesRouter = (services: Databases) =>
  router({
    list: staffProcedure
      .input(listWarehousesInputSchema)
      .query(({ input }) => listWarehouses(services.operatorReads, input)),

    create: operatorProcedure
      .input(createWarehouseInputSchema)
      .mutation(({ ctx, input }) => createWarehouse(services.database, ctx.actor.userId, input)),

    rename: operatorProcedure
      .input(renameWarehouseInputSchema)
      .mutation(({ ctx, input }) => renameWarehouse(services.database, ctx.actor.userId, input)),
  });
