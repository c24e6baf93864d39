import { chaosInputSchema } from "../../shared/operations.ts";
import { noInputSchema } from "../../shared/primitives.ts";
import { operatorProcedure, router, staffProcedure } from "../http/trpc.ts";
import { chaosState, controlChaos } from "./chaos.ts";
import { readMetrics } from "./metrics/metrics.ts";
import { reconcileState } from "./reconcile-runs.ts";
import { reconcileShop } from "./reconcile-shop.ts";
import type { OperationsServices } from "./services.ts";
import { readVerdict } from "./verdict.ts";

export const operationsRouter = (services: OperationsServices) =>
  router({
    reconcile: staffProcedure.input(noInputSchema).query(() => reconcileShop(services)),

    reconcileState: staffProcedure
      .input(noInputSchema)
      .query(() => reconcileState({ database: services.operatorReads })),

    metrics: staffProcedure.input(noInputSchema).query(() => readMetrics({ database: services.operatorReads })),

    chaos: operatorProcedure
      .input(chaosInputSchema)
      .mutation(({ ctx, input }) => controlChaos(services, ctx.actor.userId, input)),

    chaosState: staffProcedure.input(noInputSchema).query(() => chaosState(services)),

    verdict: staffProcedure.input(noInputSchema).query(() => readVerdict(services)),
  });
