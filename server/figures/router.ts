import { noInputSchema } from "../../shared/primitives.ts";
import { saleIdInputSchema } from "../../shared/sales.ts";
import type { Databases } from "../database/databases.ts";
import { isStillStaff } from "../http/context.ts";
import { router, staffProcedure } from "../http/trpc.ts";
import { currentSale } from "./current.ts";
import type { FigureFeeds } from "./feeds.ts";

export const figuresRouter = (services: Databases & { readonly figures: Pick<FigureFeeds, "watch"> }) =>
  router({
    watch: staffProcedure.input(saleIdInputSchema).subscription(({ ctx, input, signal }) =>
      services.figures.watch(input.saleId, {
        userId: ctx.actor.userId,
        stillMay: () => isStillStaff(ctx),
        signal,
      }),
    ),
    current: staffProcedure.input(noInputSchema).query(() => currentSale(services.operatorReads)),
  });
