import { listAuditInputSchema } from "../../shared/audit.ts";
import type { Databases } from "../database/databases.ts";
import { operatorProcedure, router } from "../http/trpc.ts";
import { listAudit } from "./list.ts";

export const auditRouter = ({ operatorReads }: Pick<Databases, "operatorReads">) =>
  router({
    list: operatorProcedure.input(listAuditInputSchema).query(({ input }) => listAudit(operatorReads, input)),
  });
