import {
  adjustStockInputSchema,
  changeSaleInputSchema,
  createSaleInputSchema,
  listSalesInputSchema,
  saleIdInputSchema,
  updateSaleInputSchema,
} from "../../shared/sales.ts";
import { operatorProcedure, publicProcedure, router } from "../http/trpc.ts";
import { adjustStock } from "./adjust-stock.ts";
import { saleById } from "./by-id.ts";
import { cancelSale } from "./cancel.ts";
import { createSale } from "./create.ts";
import { listSales } from "./list.ts";
import { pauseSale } from "./pause.ts";
import { resumeSale } from "./resume.ts";
import { updateSale } from "./update.ts";

export const salesRouter = router({
  list: publicProcedure
    .input(listSalesInputSchema)
    .query(({ ctx, input }) => listSales(ctx.services.publicReads, input)),
  byId: publicProcedure
    .input(saleIdInputSchema)
    .query(({ ctx, input }) => saleById(ctx.services.publicReads.db, input.saleId)),
  /** Over HTTP it is answered by `live/route.ts`, in the same words. */
  watch: publicProcedure.input(saleIdInputSchema).subscription(({ ctx, input, signal }) => {
    const watcher = { address: ctx.address, userId: ctx.actor?.userId };
    return ctx.services.liveSales.watch(input.saleId, { signal, watcher });
  }),
  create: operatorProcedure
    .input(createSaleInputSchema)
    .mutation(({ ctx, input }) => createSale(ctx.services, ctx.actor.userId, input)),
  update: operatorProcedure
    .input(updateSaleInputSchema)
    .mutation(({ ctx, input }) => updateSale(ctx.services, ctx.actor.userId, input)),
  pause: operatorProcedure
    .input(changeSaleInputSchema)
    .mutation(({ ctx, input }) => pauseSale(ctx.services, ctx.actor.userId, input)),
  resume: operatorProcedure
    .input(changeSaleInputSchema)
    .mutation(({ ctx, input }) => resumeSale(ctx.services, ctx.actor.userId, input)),
  cancel: operatorProcedure
    .input(changeSaleInputSchema)
    .mutation(({ ctx, input }) => cancelSale(ctx.services, ctx.actor.userId, input)),
  adjustStock: operatorProcedure
    .input(adjustStockInputSchema)
    .mutation(({ ctx, input }) => adjustStock(ctx.services, ctx.actor.userId, input)),
});
