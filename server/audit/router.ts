import { listAuditInputSchema } from "../../shared/audit.ts";
import type { Databases } from "../database/databases.ts";
import { router, staffProcedure } from "../http/trpc.ts";
import { listAudit } from "./list.ts";

export const auditRouter = ({ operatorReads }: Pick<Databases, "operatorReads">) =>
  router({
    list: staffProcedure.input(listAuditInputSchema).query(({ input }) => listAudit(operatorReads, input)),
  });
