import {
  addCodesInputSchema,
  enterInputSchema,
  listCodesInputSchema,
  removeCodeInputSchema,
} from "../../shared/access-codes.ts";
import { productPageInputSchema } from "../../shared/products.ts";
import {
  adjustStockInputSchema,
  changeSaleInputSchema,
  createSaleInputSchema,
  listSalesInputSchema,
  overviewInputSchema,
  saleIdInputSchema,
  updateSaleInputSchema,
} from "../../shared/sales.ts";
import type { Databases } from "../database/databases.ts";
import { buyerProcedure, operatorProcedure, publicProcedure, router, staffProcedure } from "../http/trpc.ts";
import { adjustStock } from "./adjust-stock.ts";
import { saleById } from "./by-id.ts";
import { cancelSale } from "./cancel.ts";
import { addCodes } from "./codes/add-codes.ts";
import { type EnterServices, enterSale } from "./codes/enter.ts";
import { isAdmitted } from "./codes/is-admitted.ts";
import { listCodes } from "./codes/list-codes.ts";
import { removeCode } from "./codes/remove-code.ts";
import { createSale } from "./create.ts";
import { type DetailsServices, saleDetails } from "./details.ts";
import { listSales } from "./list.ts";
import type { LiveSales } from "./live/live-sales.ts";
import { salesOfProduct } from "./of-product.ts";
import { salesOverview } from "./overview.ts";
import { pauseSale } from "./pause.ts";
import { resumeSale } from "./resume.ts";
import { updateSale } from "./update.ts";

export const salesRouter = (
  services: Databases & EnterServices & DetailsServices & { readonly liveSales: LiveSales },
) =>
  router({
    list: publicProcedure.input(listSalesInputSchema).query(({ input }) => listSales(services.publicReads, input)),
    byId: publicProcedure
      .input(saleIdInputSchema)
      .query(({ input }) => saleById(services.publicReads.db, input.saleId)),
    ofProduct: staffProcedure
      .input(productPageInputSchema)
      .query(({ input }) => salesOfProduct(services.operatorReads, input)),
    /** Over HTTP it is answered by `live/route.ts`, in the same words. */
    watch: publicProcedure.input(saleIdInputSchema).subscription(({ ctx, input, signal }) => {
      const watcher = { address: ctx.address, userId: ctx.actor?.userId };
      return services.liveSales.watch(input.saleId, { signal, watcher });
    }),
    enter: buyerProcedure
      .input(enterInputSchema)
      .mutation(({ ctx, input }) => enterSale(services, { userId: ctx.actor.userId, address: ctx.address }, input)),
    admission: buyerProcedure
      .input(saleIdInputSchema)
      .query(({ ctx, input }) => isAdmitted(services.publicReads, ctx.actor.userId, input.saleId)),
    codes: staffProcedure.input(listCodesInputSchema).query(({ input }) => listCodes(services.operatorReads, input)),
    addCodes: operatorProcedure
      .input(addCodesInputSchema)
      .mutation(({ ctx, input }) => addCodes(services.database, ctx.actor.userId, input)),
    removeCode: operatorProcedure
      .input(removeCodeInputSchema)
      .mutation(({ ctx, input }) => removeCode(services.database, ctx.actor.userId, input)),
    overview: staffProcedure
      .input(overviewInputSchema)
      .query(({ input }) => salesOverview(services.operatorReads, input)),
    details: staffProcedure.input(saleIdInputSchema).query(({ input }) => saleDetails(services, input.saleId)),
    create: operatorProcedure
      .input(createSaleInputSchema)
      .mutation(({ ctx, input }) => createSale(services, ctx.actor.userId, input)),
    update: operatorProcedure
      .input(updateSaleInputSchema)
      .mutation(({ ctx, input }) => updateSale(services, ctx.actor.userId, input)),
    pause: operatorProcedure
      .input(changeSaleInputSchema)
      .mutation(({ ctx, input }) => pauseSale(services, ctx.actor.userId, input)),
    resume: operatorProcedure
      .input(changeSaleInputSchema)
      .mutation(({ ctx, input }) => resumeSale(services, ctx.actor.userId, input)),
    cancel: operatorProcedure
      .input(changeSaleInputSchema)
      .mutation(({ ctx, input }) => cancelSale(services, ctx.actor.userId, input)),
    adjustStock: operatorProcedure
      .input(adjustStockInputSchema)
      .mutation(({ ctx, input }) => adjustStock(services, ctx.actor.userId, input)),
  });
