import {
  listAttemptsInputSchema,
  listCreditsInputSchema,
  listRecordedOrdersInputSchema,
  listRefundsInputSchema,
} from "../../shared/record.ts";
import type { Databases } from "../database/databases.ts";
import { router, staffProcedure } from "../http/trpc.ts";
import { listAttempts } from "./attempts.ts";
import { listCredits } from "./credits.ts";
import { listRecordedOrders } from "./orders.ts";
import { listRefunds } from "./refunds.ts";

export const recordRouter = ({ operatorReads }: Pick<Databases, "operatorReads">) =>
  router({
    attempts: staffProcedure.input(listAttemptsInputSchema).query(({ input }) => listAttempts(operatorReads, input)),
    orders: staffProcedure
      .input(listRecordedOrdersInputSchema)
      .query(({ input }) => listRecordedOrders(operatorReads, input)),
    refunds: staffProcedure.input(listRefundsInputSchema).query(({ input }) => listRefunds(operatorReads, input)),
    credits: staffProcedure.input(listCreditsInputSchema).query(({ input }) => listCredits(operatorReads, input)),
  });
