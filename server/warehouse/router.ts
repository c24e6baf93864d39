import { noInputSchema } from "../../shared/primitives.ts";
import { stockInputSchema, updatesInputSchema } from "../../shared/warehouse.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { readBreaker } from "./breaker.ts";
import { readStock } from "./stock.ts";
import { readUpdates } from "./updates.ts";

export const warehouseRouter = router({
  stock: operatorProcedure.input(stockInputSchema).query(({ ctx, input }) => readStock(ctx.services, input)),

  updates: operatorProcedure.input(updatesInputSchema).query(({ ctx, input }) => readUpdates(ctx.services, input)),

  breaker: operatorProcedure.input(noInputSchema).query(({ ctx }) => readBreaker(ctx.services.operatorReads)),
});
