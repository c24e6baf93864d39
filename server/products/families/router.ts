import {
  createFamilyInputSchema,
  familyIdInputSchema,
  listFamiliesInputSchema,
  removeFamilyInputSchema,
  updateFamilyInputSchema,
} from "../../../shared/families.ts";
import type { Databases } from "../../database/databases.ts";
import { operatorProcedure, router, staffProcedure } from "../../http/trpc.ts";
import { createFamily } from "./create.ts";
import { listFamilies } from "./list.ts";
import { familyById } from "./read-families.ts";
import { removeFamily } from "./remove.ts";
import { updateFamily } from "./update.ts";

export const familiesRouter = (services: Databases) =>
  router({
    list: staffProcedure
      .input(listFamiliesInputSchema)
      .query(({ input }) => listFamilies(services.operatorReads, input)),

    byId: staffProcedure
      .input(familyIdInputSchema)
      .query(({ input }) => familyById(services.operatorReads.db, input.familyId)),

    create: operatorProcedure
      .input(createFamilyInputSchema)
      .mutation(({ ctx, input }) => createFamily(services.database, ctx.actor.userId, input)),

    update: operatorProcedure
      .input(updateFamilyInputSchema)
      .mutation(({ ctx, input }) => updateFamily(services.database, ctx.actor.userId, input)),

    remove: operatorProcedure
      .input(removeFamilyInputSchema)
      .mutation(({ ctx, input }) => removeFamily(services.database, ctx.actor.userId, input)),
  });
