import { noInputSchema } from "../../shared/primitives.ts";
import { stockInputSchema, updatesInputSchema } from "../../shared/warehouse.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { readBreaker } from "./breaker.ts";
import { readStock } from "./stock.ts";
import { readUpdates } from "./updates.ts";

export const warehouseRouter = (services: Parameters<typeof readStock>[0]) =>
  router({
    stock: operatorProcedure.input(stockInputSchema).query(({ input }) => readStock(services, input)),

    updates: operatorProcedure.input(updatesInputSchema).query(({ input }) => readUpdates(services, input)),

    breaker: operatorProcedure.input(noInputSchema).query(() => readBreaker(services.operatorReads)),
  });
