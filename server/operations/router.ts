import { operatorProcedure, router } from "../http/trpc.ts";
import { reconcileTogether } from "./reconcile-together.ts";

export const operationsRouter = router({
  reconcile: operatorProcedure.query(({ ctx }) => reconcileTogether(ctx.services.database)),
});
