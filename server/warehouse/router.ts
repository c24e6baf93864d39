import { noInputSchema } from "../../shared/primitives.ts";
import { stockInputSchema, updatesInputSchema } from "../../shared/warehouse.ts";
import { router, staffProcedure } from "../http/trpc.ts";
import { readBreaker } from "./breaker.ts";
import { orUnavailable } from "./or-unavailable.ts";
import { readStock } from "./stock.ts";

export const warehouseRouter = (services: Parameters<typeof readStock>[0]) =>
  router({
    stock: staffProcedure.input(stockInputSchema).query(({ input }) => readStock(services, input)),

    updates: staffProcedure
      .input(updatesInputSchema)
      .query(({ input }) => orUnavailable(services.warehouse, (client) => client.updates(input, { once: true }))),

    breaker: staffProcedure.input(noInputSchema).query(() => readBreaker(services.operatorReads)),
  });
