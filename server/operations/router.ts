import { operatorProcedure, router } from "../http/trpc.ts";
import { reconcile } from "./reconcile.ts";

export const operationsRouter = router({
  reconcile: operatorProcedure.query(({ ctx }) => reconcile(ctx.services.database)),
});
