import { byKeyInputSchema, ownPageInputSchema } from "../../shared/primitives.ts";
import {
  buyInputSchema,
  listPurchasesInputSchema,
  purchaseIdInputSchema,
  refundInputSchema,
} from "../../shared/purchases.ts";
import type { Databases } from "../database/databases.ts";
import { buyerProcedure, moneyProcedure, parsedAtOnce, router, staffProcedure } from "../http/trpc.ts";
import type { SaleServices } from "../sales/change-sale.ts";
import { type BuyServices, buy } from "./buy.ts";
import { purchaseById } from "./by-id.ts";
import { byKey } from "./by-key.ts";
import { listPurchases } from "./list.ts";
import { mine } from "./mine.ts";
import { refund } from "./refund.ts";

export const purchasesRouter = (services: Databases & BuyServices & SaleServices) =>
  router({
    buy: buyerProcedure
      .input(parsedAtOnce(buyInputSchema))
      .mutation(({ ctx, input }) => buy(services, ctx.actor.userId, input)),

    byKey: buyerProcedure
      .input(byKeyInputSchema)
      .query(({ ctx, input }) => byKey(services.publicReads, ctx.actor.userId, input.idempotencyKey)),

    byId: buyerProcedure
      .input(purchaseIdInputSchema)
      .query(({ ctx, input }) => purchaseById(services.publicReads, ctx.actor.userId, input.purchaseId)),

    mine: buyerProcedure
      .input(ownPageInputSchema)
      .query(({ ctx, input }) => mine(services.publicReads, ctx.actor.userId, input)),

    list: staffProcedure
      .input(listPurchasesInputSchema)
      .query(({ input }) => listPurchases(services.operatorReads, input)),

    refund: moneyProcedure
      .input(refundInputSchema)
      .mutation(({ ctx, input }) => refund(services, ctx.actor.userId, input)),
  });
