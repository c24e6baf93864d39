import {
  listOrdersInputSchema,
  orderIdInputSchema,
  placeOrderInputSchema,
  refundOrderInputSchema,
} from "../../shared/orders.ts";
import { byKeyInputSchema, ownPageInputSchema } from "../../shared/primitives.ts";
import type { Databases } from "../database/databases.ts";
import { buyerProcedure, moneyProcedure, router, staffProcedure } from "../http/trpc.ts";
import { orderById } from "./by-id.ts";
import { orderByKey } from "./by-key.ts";
import { listOrders } from "./list.ts";
import { mine } from "./mine.ts";
import { type PlaceServices, placeOrder } from "./place.ts";
import { refundOrder } from "./refund.ts";

export const ordersRouter = (services: Databases & PlaceServices) =>
  router({
    place: buyerProcedure
      .input(placeOrderInputSchema)
      .mutation(({ ctx, input }) => placeOrder(services, { userId: ctx.actor.userId, traceId: ctx.traceId }, input)),

    mine: buyerProcedure
      .input(ownPageInputSchema)
      .query(({ ctx, input }) => mine(services.publicReads, ctx.actor.userId, input)),

    byId: buyerProcedure
      .input(orderIdInputSchema)
      .query(({ ctx, input }) => orderById(services.publicReads, ctx.actor, input.orderId)),

    byKey: buyerProcedure
      .input(byKeyInputSchema)
      .query(({ ctx, input }) => orderByKey(services.publicReads, ctx.actor.userId, input.idempotencyKey)),

    list: staffProcedure.input(listOrdersInputSchema).query(({ input }) => listOrders(services.operatorReads, input)),

    refund: moneyProcedure
      .input(refundOrderInputSchema)
      .mutation(({ ctx, input }) => refundOrder(services.database, ctx.actor.userId, input)),
  });
