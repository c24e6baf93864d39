import {
  buyInputSchema,
  byKeyInputSchema,
  minePurchasesInputSchema,
  refundInputSchema,
} from "../../shared/purchases.ts";
import { buyerProcedure, operatorProcedure, router } from "../http/trpc.ts";
import { byKey } from "./by-key.ts";
import { mine } from "./mine.ts";
import { refund } from "./refund.ts";

export const purchasesRouter = router({
  buy: buyerProcedure
    .input(buyInputSchema)
    .mutation(({ ctx, input }) => ctx.services.purchaseDesk.buy({ ...input, userId: ctx.actor.userId })),

  byKey: buyerProcedure
    .input(byKeyInputSchema)
    .query(({ ctx, input }) => byKey(ctx.services.database, ctx.actor.userId, input.idempotencyKey)),

  mine: buyerProcedure
    .input(minePurchasesInputSchema)
    .query(({ ctx, input }) => mine(ctx.services.database, ctx.actor.userId, input)),

  refund: operatorProcedure.input(refundInputSchema).mutation(async ({ ctx, input }) => {
    const { result, changedSaleId } = await refund(ctx.services.database, ctx.actor.userId, input);
    if (changedSaleId !== undefined) ctx.services.liveSales.changed(changedSaleId);
    return result;
  }),
});
