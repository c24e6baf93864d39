import { createKeyInputSchema, revokeKeyInputSchema } from "../../../shared/keys.ts";
import { noInputSchema } from "../../../shared/primitives.ts";
import type { Databases } from "../../database/databases.ts";
import { operatorProcedure, router, staffProcedure } from "../../http/trpc.ts";
import type { Sessions } from "../sessions.ts";
import { createKey } from "./create.ts";
import { listKeys } from "./list.ts";
import { revokeKey } from "./revoke.ts";

/** No key makes or ends a key: that takes somebody who has signed in. */
export const keysRouter = (services: Databases & { readonly sessions: Sessions }) =>
  router({
    list: staffProcedure.input(noInputSchema).query(() => listKeys(services.operatorReads)),

    create: operatorProcedure
      .input(createKeyInputSchema)
      .mutation(({ ctx, input }) => createKey(services.database, ctx.actor.userId, input)),

    revoke: operatorProcedure
      .input(revokeKeyInputSchema)
      .mutation(({ ctx, input }) => revokeKey(services, ctx.actor.userId, input)),
  });
