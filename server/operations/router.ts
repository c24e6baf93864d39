import { chaosInputSchema } from "../../shared/operations.ts";
import { noInputSchema } from "../../shared/primitives.ts";
import { listRehearsalsInputSchema, rehearsalIdInputSchema, rehearseInputSchema } from "../../shared/rehearsals.ts";
import { operatorProcedure, router, staffProcedure } from "../http/trpc.ts";
import { chaosState, controlChaos } from "./chaos.ts";
import { readMetrics } from "./metrics/metrics.ts";
import { reconcileState } from "./reconcile-runs.ts";
import { reconcileShop } from "./reconcile-shop.ts";
import { deleteRehearsal } from "./rehearsals/delete.ts";
import { listRehearsals, rehearsalById } from "./rehearsals/read-rehearsals.ts";
import { rehearse } from "./rehearsals/rehearse.ts";
import { stopRehearsal } from "./rehearsals/stop.ts";
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

    rehearse: operatorProcedure
      .input(rehearseInputSchema)
      .mutation(({ ctx, input }) => rehearse(services, ctx.actor.userId, input)),

    rehearsals: staffProcedure
      .input(listRehearsalsInputSchema)
      .query(({ input }) => listRehearsals(services.operatorReads, input)),

    rehearsal: staffProcedure
      .input(rehearsalIdInputSchema)
      .query(({ input }) => rehearsalById(services.operatorReads, input.rehearsalId)),

    stopRehearsal: operatorProcedure
      .input(rehearsalIdInputSchema)
      .mutation(({ ctx, input }) => stopRehearsal(services, ctx.actor.userId, input.rehearsalId)),

    deleteRehearsal: operatorProcedure
      .input(rehearsalIdInputSchema)
      .mutation(({ ctx, input }) => deleteRehearsal(services, ctx.actor.userId, input.rehearsalId)),

    verdict: staffProcedure.input(noInputSchema).query(() => readVerdict(services)),
  });
