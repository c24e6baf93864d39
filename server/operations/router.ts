import { noInputSchema } from "../../shared/primitives.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { reconcileTogether } from "./reconcile-together.ts";

export const operationsRouter = router({
  reconcile: operatorProcedure.input(noInputSchema).query(({ ctx }) => reconcileTogether(ctx.services.database)),
});
