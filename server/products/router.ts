import {
  createProductInputSchema,
  listProductsInputSchema,
  receiveInputSchema,
  updateProductInputSchema,
} from "../../shared/products.ts";
import { operatorProcedure, publicProcedure, router } from "../http/trpc.ts";
import { createProduct } from "./create.ts";
import { listProducts } from "./list.ts";
import { receive } from "./receive.ts";
import { updateProduct } from "./update.ts";

export const productsRouter = router({
  list: publicProcedure
    .input(listProductsInputSchema)
    .query(({ ctx, input }) => listProducts(ctx.services.publicReads, input)),

  create: operatorProcedure
    .input(createProductInputSchema)
    .mutation(({ ctx, input }) => createProduct(ctx.services.database, ctx.actor.userId, input)),

  update: operatorProcedure
    .input(updateProductInputSchema)
    .mutation(({ ctx, input }) => updateProduct(ctx.services.database, ctx.actor.userId, input)),

  receive: operatorProcedure
    .input(receiveInputSchema)
    .mutation(({ ctx, input }) => receive(ctx.services, ctx.actor.userId, input)),
});
