import {
  listAttemptsInputSchema,
  listCreditsInputSchema,
  listRecordedOrdersInputSchema,
  listRefundsInputSchema,
  pathInputSchema,
  summaryFilterSchema,
} from "../../shared/record.ts";
import { router, staffProcedure } from "../http/trpc.ts";
import { listAttempts } from "./attempts.ts";
import { listCredits } from "./credits.ts";
import { listRecordedOrders } from "./orders.ts";
import { keyPath, type PathServices } from "./path.ts";
import { listRefunds } from "./refunds.ts";
import { summarise } from "./summary.ts";

export const recordRouter = (services: PathServices) =>
  router({
    attempts: staffProcedure
      .input(listAttemptsInputSchema)
      .query(({ input }) => listAttempts(services.operatorReads, input)),
    orders: staffProcedure
      .input(listRecordedOrdersInputSchema)
      .query(({ input }) => listRecordedOrders(services.operatorReads, input)),
    refunds: staffProcedure
      .input(listRefundsInputSchema)
      .query(({ input }) => listRefunds(services.operatorReads, input)),
    summary: staffProcedure.input(summaryFilterSchema).query(({ input }) => summarise(services.operatorReads, input)),
    path: staffProcedure.input(pathInputSchema).query(({ input }) => keyPath(services, input)),
    credits: staffProcedure
      .input(listCreditsInputSchema)
      .query(({ input }) => listCredits(services.operatorReads, input)),
  });
