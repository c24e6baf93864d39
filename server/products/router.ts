import {
  createProductInputSchema,
  listAllProductsInputSchema,
  listProductsInputSchema,
  productIdInputSchema,
  productPageInputSchema,
  receiveInputSchema,
  updateProductInputSchema,
} from "../../shared/products.ts";
import type { Databases } from "../database/databases.ts";
import { operatorProcedure, publicProcedure, router, staffProcedure } from "../http/trpc.ts";
import { createProduct } from "./create.ts";
import { productHistory } from "./history.ts";
import { listProducts } from "./list.ts";
import { listAllProducts } from "./list-all.ts";
import { staffProductById } from "./read-staff-products.ts";
import { type ReceiveServices, receive } from "./receive.ts";
import { updateProduct } from "./update.ts";

export const productsRouter = (services: Databases & ReceiveServices) =>
  router({
    list: publicProcedure
      .input(listProductsInputSchema)
      .query(({ input }) => listProducts(services.publicReads, input)),

    all: staffProcedure
      .input(listAllProductsInputSchema)
      .query(({ input }) => listAllProducts(services.operatorReads, input)),

    byId: staffProcedure
      .input(productIdInputSchema)
      .query(({ input }) => staffProductById(services.operatorReads, input.productId)),

    history: staffProcedure
      .input(productPageInputSchema)
      .query(({ input }) => productHistory(services.operatorReads, input)),

    create: operatorProcedure
      .input(createProductInputSchema)
      .mutation(({ ctx, input }) => createProduct(services.database, ctx.actor.userId, input)),

    update: operatorProcedure
      .input(updateProductInputSchema)
      .mutation(({ ctx, input }) => updateProduct(services.database, ctx.actor.userId, input)),

    receive: operatorProcedure
      .input(receiveInputSchema)
      .mutation(({ ctx, input }) => receive(services, ctx.actor.userId, input)),
  });
