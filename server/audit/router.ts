import { listAuditInputSchema } from "../../shared/audit.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { listAudit } from "./list.ts";

export const auditRouter = router({
  list: operatorProcedure
    .input(listAuditInputSchema)
    .query(({ ctx, input }) => listAudit(ctx.services.operatorReads, input)),
});
