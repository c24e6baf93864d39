import {
  createProductInputSchema,
  listProductsInputSchema,
  receiveInputSchema,
  updateProductInputSchema,
} from "../../shared/products.ts";
import type { Databases } from "../database/databases.ts";
import { operatorProcedure, publicProcedure, router } from "../http/trpc.ts";
import { createProduct } from "./create.ts";
import { listProducts } from "./list.ts";
import { type ReceiveServices, receive } from "./receive.ts";
import { updateProduct } from "./update.ts";

export const productsRouter = (services: Databases & ReceiveServices) =>
  router({
    list: publicProcedure
      .input(listProductsInputSchema)
      .query(({ input }) => listProducts(services.publicReads, input)),

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
