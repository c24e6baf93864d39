import {
  listAttemptsInputSchema,
  listCreditsInputSchema,
  listRecordedOrdersInputSchema,
  listRefundsInputSchema,
} from "../../shared/record.ts";
import type { Databases } from "../database/databases.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { listAttempts } from "./attempts.ts";
import { listCredits } from "./credits.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";

export const recordRouter = ({ operatorReads }: Pick<Databases, "operatorReads">) =>
  router({
    attempts: operatorProcedure.input(listAttemptsInputSchema).query(({ input }) => listAttempts(operatorReads, input)),
    orders: operatorProcedure
      .input(listRecordedOrdersInputSchema)
      .query(({ input }) => listRecordedOrders(operatorReads, input)),
    refunds: operatorProcedure.input(listRefundsInputSchema).query(({ input }) => listRefunds(operatorReads, input)),
    credits: operatorProcedure.input(listCreditsInputSchema).query(({ input }) => listCredits(operatorReads, input)),
  });
