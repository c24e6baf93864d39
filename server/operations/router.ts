import { chaosInputSchema } from "../../shared/operations.ts";
import { noInputSchema } from "../../shared/primitives.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { chaosState, controlChaos } from "./chaos.ts";
import { readMetrics } from "./metrics/metrics.ts";
import { reconcileState } from "./reconcile-runs.ts";
import { reconcileTogether } from "./reconcile-together.ts";
import { readVerdict } from "./verdict.ts";

export const operationsRouter = router({
  reconcile: operatorProcedure.input(noInputSchema).query(({ ctx }) => reconcileTogether(ctx.services)),

  reconcileState: operatorProcedure
    .input(noInputSchema)
    .query(({ ctx }) => reconcileState({ database: ctx.services.operatorReads })),

  metrics: operatorProcedure
    .input(noInputSchema)
    .query(({ ctx }) => readMetrics({ database: ctx.services.operatorReads })),

  chaos: operatorProcedure
    .input(chaosInputSchema)
    .mutation(({ ctx, input }) => controlChaos(ctx.services, ctx.actor.userId, input)),

  chaosState: operatorProcedure.input(noInputSchema).query(({ ctx }) => chaosState(ctx.services)),

  verdict: operatorProcedure.input(noInputSchema).query(({ ctx }) => readVerdict(ctx.services)),
});
