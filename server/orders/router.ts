import {
  listOrdersInputSchema,
  mineOrdersInputSchema,
  orderIdInputSchema,
  orderKeyInputSchema,
  placeOrderInputSchema,
  refundOrderInputSchema,
} from "../../shared/orders.ts";
import { buyerProcedure, operatorProcedure, router } from "../http/trpc.ts";
import { orderById } from "./by-id.ts";
import { orderByKey } from "./by-key.ts";
import { listOrders } from "./list.ts";
import { mine } from "./mine.ts";
import { placeOrder } from "./place.ts";
import { refundOrder } from "./refund.ts";

export const ordersRouter = router({
  place: buyerProcedure
    .input(placeOrderInputSchema)
    .mutation(({ ctx, input }) => placeOrder(ctx.services, { userId: ctx.actor.userId, traceId: ctx.traceId }, input)),

  mine: buyerProcedure
    .input(mineOrdersInputSchema)
    .query(({ ctx, input }) => mine(ctx.services.publicReads, ctx.actor.userId, input)),

  byId: buyerProcedure
    .input(orderIdInputSchema)
    .query(({ ctx, input }) => orderById(ctx.services.publicReads, ctx.actor, input.orderId)),

  byKey: buyerProcedure
    .input(orderKeyInputSchema)
    .query(({ ctx, input }) => orderByKey(ctx.services.publicReads, ctx.actor.userId, input.idempotencyKey)),

  list: operatorProcedure
    .input(listOrdersInputSchema)
    .query(({ ctx, input }) => listOrders(ctx.services.operatorReads, input)),

  refund: operatorProcedure
    .input(refundOrderInputSchema)
    .mutation(({ ctx, input }) => refundOrder(ctx.services.database, ctx.actor.userId, input)),
});
