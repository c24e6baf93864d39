import { noInputSchema, ownPageInputSchema } from "../../shared/primitives.ts";
import { creditInputSchema, statementInputSchema, topUpInputSchema } from "../../shared/wallets.ts";
import { buyerProcedure, moneyProcedure, router, staffProcedure } from "../http/trpc.ts";
import { credit } from "./credit.ts";
import { mine, type WalletServices } from "./mine.ts";
import { movements } from "./movements.ts";
import { topUp } from "./top-up.ts";

export const walletsRouter = (services: WalletServices) =>
  router({
    mine: buyerProcedure.input(noInputSchema).query(({ ctx }) => mine(services, ctx.actor.userId)),

    movements: buyerProcedure
      .input(ownPageInputSchema)
      .query(({ ctx, input }) => movements(services.publicReads, ctx.actor.userId, input)),

    statement: staffProcedure
      .input(statementInputSchema)
      .query(({ input }) => movements(services.operatorReads, input.userId, input)),

    topUp: buyerProcedure
      .input(topUpInputSchema)
      .mutation(({ ctx, input }) => topUp(services.database, services.paymentProvider, ctx.actor.userId, input)),

    credit: moneyProcedure
      .input(creditInputSchema)
      .mutation(({ ctx, input }) => credit(services.database, ctx.actor.userId, input)),
  });
