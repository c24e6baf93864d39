import {
  buyInputSchema,
  byKeyInputSchema,
  listPurchasesInputSchema,
  minePurchasesInputSchema,
  purchaseIdInputSchema,
  refundInputSchema,
} from "../../shared/purchases.ts";
import { parsedAtOnce } from "../http/parsed-at-once.ts";
import { buyerProcedure, operatorProcedure, router } from "../http/trpc.ts";
import { buy } from "./buy.ts";
import { purchaseById } from "./by-id.ts";
import { byKey } from "./by-key.ts";
import { listPurchases } from "./list.ts";
import { mine } from "./mine.ts";
import { refund } from "./refund.ts";

export const purchasesRouter = router({
  buy: buyerProcedure
    .input(parsedAtOnce(buyInputSchema))
    .mutation(({ ctx, input }) => buy(ctx.services, ctx.actor.userId, input)),

  byKey: buyerProcedure
    .input(byKeyInputSchema)
    .query(({ ctx, input }) => byKey(ctx.services.publicReads, ctx.actor.userId, input.idempotencyKey)),

  byId: buyerProcedure
    .input(purchaseIdInputSchema)
    .query(({ ctx, input }) => purchaseById(ctx.services.publicReads, ctx.actor.userId, input.purchaseId)),

  mine: buyerProcedure
    .input(minePurchasesInputSchema)
    .query(({ ctx, input }) => mine(ctx.services.publicReads, ctx.actor.userId, input)),

  list: operatorProcedure
    .input(listPurchasesInputSchema)
    .query(({ ctx, input }) => listPurchases(ctx.services.operatorReads, input)),

  refund: operatorProcedure
    .input(refundInputSchema)
    .mutation(({ ctx, input }) => refund(ctx.services, ctx.actor.userId, input)),
});
